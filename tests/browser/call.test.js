// Two people and a link.

import assert from 'node:assert/strict';

import { scenario } from './harness/scenario.js';
import { assertSmooth } from './harness/smooth.js';
import { until } from './harness/until.js';

/** Between the second one's click and both pictures moving; measured well under two seconds on a quiet machine. */
const MEETING_MS = 4_000;

scenario('two people meet by a link, see and hear each other', async (stage) => {
  const ada = await stage.person('Ada');
  const ben = await stage.person('Ben');
  await ada.page.goto('/');
  await ada.button('New call').click();
  await ada.page.waitForURL('**/room/*');
  await ada.page.getByLabel('Your name').fill('Ada');
  await ada.join();
  const link = ada.page.url();

  await ben.arrive(link);
  const clicked = Date.now();
  await ben.join();
  await Promise.all([ada.sees('Ben', 1), ben.sees('Ada', 1)]);
  const met = Date.now() - clicked;
  stage.t.diagnostic(`both see each other ${met} ms after the second one's click`);
  assert.ok(met < MEETING_MS, `${met} ms`);

  const [adas, bens] = await Promise.all([ada.sees('Ben', 30), ben.sees('Ada', 30)]);
  assert.ok(adas.width >= 320 && bens.width >= 320, `${adas.width} and ${bens.width} pixels wide`);
  await Promise.all([ada.hears('Ben'), ben.hears('Ada')]);
});

scenario('whoever leaves is gone at once, and the one who stays can be joined again', async (stage) => {
  const { link } = await stage.server.createRoom();
  const [ada, ben, cleo] = [await stage.person('Ada'), await stage.person('Ben'), await stage.person('Cleo')];
  await ada.join(link);
  await ben.join(link);
  await ada.sees('Ben');
  await ben.button('Leave').click();
  await ada.tile('Ben').waitFor({ state: 'detached', timeout: 3_000 });
  await cleo.join(link);
  await Promise.all([ada.sees('Cleo'), cleo.sees('Ada')]);
});

scenario(
  'the third person is refused, and the two notice nothing',
  async (stage) => {
    const { link } = await stage.server.createRoom(2);
    const [ada, ben, cleo] = [await stage.person('Ada'), await stage.person('Ben'), await stage.person('Cleo')];
    // In the lobby while there is room, too late at the door.
    await cleo.arrive(link);
    await ada.join(link);
    await ben.join(link);
    const [before] = await Promise.all([ada.sees('Ben'), ben.sees('Ada')]);
    await cleo.button('Join').click();
    await cleo.page.locator('[data-code="room-full"]').waitFor();
    // And not even a lobby for whoever comes now.
    await cleo.page.reload();
    await cleo.page.locator('[data-code="room-full"]').waitFor();
    assertSmooth(before, await ada.sees('Ben', 15), 'somebody was refused');
    assert.equal(await ada.page.locator('[data-participant]').count(), 2);
  },
  // Chromium itself notes an answer of 409 or 403 in the console.
  { complaints: [/Failed to load resource/] },
);

scenario('microphone and camera can be switched off and on, and the other one sees it', async (stage) => {
  const { link } = await stage.server.createRoom();
  const [ada, ben] = [await stage.person('Ada'), await stage.person('Ben')];
  await ada.join(link);
  await ben.join(link);
  await ada.sees('Ben');
  for (const device of ['Microphone', 'Camera']) {
    await ben.button(device).click();
    await until(`${device} is off`, () => ben.button(device).getAttribute('aria-pressed'), (pressed) => pressed === 'false');
    await ada.told(`${device} is off`, (message) => message.type === 'muted' && message.muted);
    await ben.button(device).click();
    await until(`${device} is on`, () => ben.button(device).getAttribute('aria-pressed'), (pressed) => pressed === 'true');
  }
  await ada.sees('Ben');
});

scenario('what one writes in the chat, the other one reads', async (stage) => {
  const { link } = await stage.server.createRoom();
  const [ada, ben] = [await stage.person('Ada'), await stage.person('Ben')];
  await ada.join(link);
  await ben.join(link);
  await ada.button('Chat').click();
  await ada.page.locator('#panel').getByRole('textbox').fill('안녕 <b>Ben</b>');
  await ada.page.keyboard.press('Enter');
  await ben.button('Chat').click();
  await ben.page.getByText('안녕 <b>Ben</b>', { exact: true }).waitFor();
});
