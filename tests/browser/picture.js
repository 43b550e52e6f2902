// Makes docs/call.png, the picture in the README, out of a real call: the public-domain portrait, panned and zoomed, before its scene.
// `make picture`.

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
    return Person.sit(browser, { name, origin: server.url, viewport: { width: 1280, height: 720 }, context: { colorScheme: 'dark' } });
  };
  const [eileen, ben] = [await sit('Eileen'), await sit('Ben')];
  const { link } = await server.createRoom();
  await eileen.join(link);
  await ben.join(link);
  await Promise.all([eileen.sees('Ben'), ben.sees('Eileen')]);
  await eileen.choose('Follow my mood');
  await until('a mood', () => ben.moodOf('Eileen'), (mood) => mood && mood !== 'unsure');
  // A while for the crossfade and for the bars to settle.
  await ben.sees('Eileen', 120);
  await ben.page.screenshot({ path: join(ROOT, 'docs/call.png') });
  console.log('docs/call.png');
} finally {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.stop();
}
