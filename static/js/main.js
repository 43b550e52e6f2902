// The one page reads its own address: a room's link shows the lobby and the call, anything else the way to a new one.

import { preferred, speak } from './i18n.js';

const room = location.pathname.startsWith('/room/');

await Promise.all([speak(preferred()), room ? import('./ui/room.js') : import('./ui/home.js')]);
document.body.prepend(document.createElement(room ? 'mc-room' : 'mc-home'));
