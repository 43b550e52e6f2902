// Without a camera, without anything, or with only one codec: a call all the same.

import assert from 'node:assert/strict';

import { onlyH264 } from './harness/inside.js';
import { scenario } from './harness/scenario.js';

scenario('a refused camera is told plainly, and its owner joins and is heard', async (stage) => {
  const { link } = await stage.server.createRoom();
  const asking = await stage.browser({ asks: true });
  const ada = await stage.person('Ada', { browser: asking, allow: ['microphone'] });
  const ben = await stage.person('Ben');
  await ada.arrive(link);
  await ada.join();
  await ben.join(link);
  await ada.sees('Ben');
  await ben.tile('Ada').waitFor();
  await Promise.all([ada.hears('Ben'), ben.hears('Ada')]);
  assert.equal((await ben.received('Ada')).frames, 0, 'no picture where there is no camera');
  assert.equal(await ada.button('Camera').getAttribute('aria-pressed'), 'false');
});

scenario('everything refused: one can still join, see and hear', async (stage) => {
  const { link } = await stage.server.createRoom();
  const asking = await stage.browser({ asks: true });
  const ada = await stage.person('Ada', { browser: asking, allow: ['clipboard-read'] });
  const ben = await stage.person('Ben');
  await ada.join(link);
  await ben.join(link);
  await ada.sees('Ben');
  await ada.hears('Ben');
  await ben.tile('Ada').waitFor();
});

scenario('browsers that have only H.264 call each other', async (stage) => {
  const { link } = await stage.server.createRoom();
  const ada = await stage.person('Ada', { before: [onlyH264] });
  const ben = await stage.person('Ben', { before: [onlyH264] });
  await ada.join(link);
  await ben.join(link);
  const [adas, bens] = await Promise.all([ada.sees('Ben', 30), ben.sees('Ada', 30)]);
  assert.deepEqual([adas.codec, bens.codec], ['video/H264', 'video/H264']);
});

for (const first of ['the one with H.264 only', 'the other one']) {
  scenario(`a browser that has only H.264 and one that has everything see each other; ${first} comes first`, async (stage) => {
    const { link } = await stage.server.createRoom();
    const ada = await stage.person('Ada', { before: [onlyH264] });
    const ben = await stage.person('Ben');
    for (const person of first === 'the other one' ? [ben, ada] : [ada, ben]) await person.join(link);
    const [adas, bens] = await Promise.all([ada.sees('Ben', 30), ben.sees('Ada', 30)]);
    assert.deepEqual([adas.codec, bens.codec], ['video/H264', 'video/H264']);
  });
}
