// The one page: who is logged in and which language, then the page that the address asks for.

import './calls/dialog.js';
import { rings } from './calls/ringing.js';
import { current, choose, preferred, speak } from './i18n.js';
import { chooseLook } from './look.js';
import { notices } from './notices/notices.js';
import { startRouter } from './router.js';
import { session } from './session.js';
import './ui/header.js';

// A log-in brings the account's own language and look along.
session.addEventListener('login', () => {
  const { me } = session;
  if (!me) return;
  if (me.language && me.language !== current()) choose(me.language);
  if (me.theme) chooseLook(me.theme);
});

await Promise.all([speak(preferred()), session.start()]);
const header = document.createElement('mc-header');
const outlet = document.createElement('div');
outlet.id = 'page';
document.body.prepend(header, outlet);
document.body.append(document.createElement('mc-ringing'));
await startRouter(outlet);
document.body.append(document.createElement('mc-player'));
import('./player/bar.js');
notices.start();
rings.start();
