// Makes docs/call.png, the picture in the README, out of a real call: the public-domain portrait, panned and zoomed, as the camera
// shows it and as the filter sends it. `make picture`.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { launch } from './harness/browsers.js';
import { clip } from './harness/clips.js';
import { LEFTOVERS, ROOT } from './harness/paths.js';
import { Person } from './harness/person.js';
import { Server } from './harness/server.js';
import { until } from './harness/until.js';

await mkdir(LEFTOVERS, { recursive: true });
const server = await Server.start({ log: join(LEFTOVERS, 'picture.log') });
const browsers = [];
try {
  const camera = await clip('portrait');
  const sit = async (name) => {
    const browser = await launch({ camera });
    browsers.push(browser);
    return Person.sit(browser, { name, origin: server.url, viewport: { width: 1280, height: 560 }, context: { colorScheme: 'dark' } });
  };
  const [on, off] = [await sit('Filter on'), await sit('Filter off')];
  const { link } = await server.createRoom();
  await on.join(link);
  await off.join(link);
  await Promise.all([on.sees('Filter off'), off.sees('Filter on')]);
  await off.button('Side by side').click();
  await on.choose('Follow my mood');
  await until('a mood', () => off.moodOf('Filter on'), (mood) => mood && mood !== 'unsure');
  // A while for the crossfade and for the bars to settle.
  await off.sees('Filter on', 120);
  await off.page.mouse.move(640, 2);
  await off.page.screenshot({ path: join(ROOT, 'docs/call.png') });
  console.log('docs/call.png');
} finally {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.stop();
}
