// A still: what the room shows right now, as one picture.

import assert from 'node:assert/strict';

import { clip } from './harness/clips.js';
import { scenario } from './harness/scenario.js';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const WHOLE = { whole: [0.1, 0.1, 0.8, 0.8] };

const apart = (one, other) => one.reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0) / one.length;

scenario('a still is a PNG of the told size and shows both people', async (stage) => {
  const { link } = await stage.server.createRoom();
  const camera = await stage.browser({ camera: await clip('portrait') });
  const ada = await stage.person('Ada', { browser: camera });
  const ben = await stage.person('Ben');
  await ada.join(link);
  await ben.join(link);
  await Promise.all([ada.sees('Ben'), ben.sees('Ada')]);

  await ada.button('Take a still').click();
  const still = await ada.told('of a still', (message) => message.type === 'still');
  const response = await ada.context.request.get(still.png);
  assert.equal(response.status(), 200);
  assert.match(response.headers()['content-type'], /^image\/png/);
  const file = await response.body();
  assert.deepEqual(file.subarray(0, 8), PNG);
  // IHDR comes first: width and height are its first two numbers.
  assert.deepEqual([file.readUInt32BE(16), file.readUInt32BE(20)], [still.width, still.height]);
  assert.ok(still.width > still.height, 'two people side by side');

  // Its halves, next to what each one's screen shows of the other. The order is the server's choice.
  const halves = await ada.page.evaluate(async (url) => {
    const picture = await createImageBitmap(await (await fetch(url)).blob());
    const context = new OffscreenCanvas(64, 64).getContext('2d');
    return [0, 0.5].map((left) => {
      context.drawImage(picture, (left + 0.1) * picture.width, 0.3 * picture.height, 0.3 * picture.width, 0.4 * picture.height, 0, 0, 64, 64);
      const { data } = context.getImageData(0, 0, 64, 64);
      return [0, 1, 2].map((channel) => data.reduce((sum, value, i) => (i % 4 === channel ? sum + value : sum), 0) / (64 * 64));
    });
  }, still.png);
  const screens = [(await ben.colors('Ada', WHOLE)).whole, (await ada.colors('Ben', WHOLE)).whole];
  const fit = (order) => order.reduce((sum, screen, i) => sum + apart(halves[i], screens[screen]), 0);
  const best = Math.min(fit([0, 1]), fit([1, 0]));
  assert.ok(best < Math.max(fit([0, 1]), fit([1, 0])) - 20, `each half shows another person: ${JSON.stringify({ halves, screens })}`);

  const refused = await ada.context.request.get(still.png.replace(/signature=.{4}/, 'signature=AAAA'));
  assert.equal(refused.status(), 403, 'a forged address shows nothing');
});

scenario('a person without a camera is a named place in the still', async (stage) => {
  const { link } = await stage.server.createRoom();
  const [ada, ben] = [await stage.person('Ada'), await stage.person('Ben')];
  await ada.join(link);
  await ben.join(link);
  await ben.sees('Ada');
  await ben.button('Camera').click();
  await ada.told('the camera is off', (message) => message.type === 'muted' && message.muted);
  await ada.button('Take a still').click();
  const still = await ada.told('of a still', (message) => message.type === 'still');
  const response = await ada.context.request.get(still.webp);
  assert.equal(response.status(), 200);
  assert.equal((await response.body()).subarray(8, 12).toString(), 'WEBP');
});
