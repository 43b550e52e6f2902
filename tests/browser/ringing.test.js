// Friends ring each other: on every open page, until one answers, gives up or hangs up.

import assert from 'node:assert/strict';

import { DEVELOPMENT, asks, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { befriend } from './harness/friends.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const ring = (page) => page.locator('dialog.ring[open]');
const answer = (page, name) => ring(page).getByRole('button', { name, exact: true });
const history = (person) => person.page.locator('.rows .call-what');

async function friends(stage, settings = {}) {
  const [ada, ben] = await befriend(stage.server, 'ada', 'ben');
  const [adas, bens] = [await stage.person('Ada', settings), await stage.person('Ben', settings)];
  await enter(adas, ada, '/friends');
  await enter(bens, ben, '/');
  await until('Ben listens', () => bens.heard.some(({ type }) => type === 'listening'), Boolean);
  return { ada, ben, adas, bens };
}

scenario(
  'a friend rings, the other accepts with a camera, both see each other, and hanging up ends it for both',
  async (stage) => {
    const { ada, adas, bens } = await friends(stage);
    await adas.button('Call Ben').click();
    await ring(adas.page).getByText('Calling Ben…').waitFor();
    await ring(bens.page).getByText('Ada is calling').waitFor();
    assert.match(await bens.page.title(), /Ada is calling/);
    // The focus is on the words: whoever types does not answer by it.
    assert.equal(await bens.page.evaluate(() => document.activeElement?.tagName), 'H2');
    await bens.page.keyboard.press('Enter');
    await isFit(bens, 'a call that comes');
    await answer(bens.page, 'Accept with camera').click();
    await Promise.all([adas.ownTile().waitFor(), bens.ownTile().waitFor()]);
    await Promise.all([adas.sees('Ben'), bens.sees('Ada')]);

    await bens.button('Leave').click();
    await bens.page.locator('[data-code="left"]').waitFor();
    await adas.page.locator('[data-code="hung-up"]').waitFor();
    await adas.page.goto('/calls');
    await history(adas).filter({ hasText: 'Made' }).waitFor();
    await bens.page.goto('/calls');
    await history(bens).filter({ hasText: 'Received' }).waitFor();
    const { items } = await asks(stage.server, ada, 'GET', '/me/calls');
    assert.equal(items[0].status, 'ended');
  },
  { env: DEVELOPMENT },
);

scenario(
  'it rings in every tab and stops in every tab; what was declined, missed by giving up, or accepted without a camera is told',
  async (stage) => {
    const { adas, bens } = await friends(stage);
    const other = await bens.context.newPage();
    await other.goto('/friends');
    await other.getByRole('heading', { level: 1 }).waitFor();

    await adas.button('Call Ben').click();
    for (const page of [bens.page, other]) await ring(page).getByText('Ada is calling').waitFor();
    // Escape wants quiet, not to decline.
    await other.keyboard.press('Escape');
    assert.equal(await ring(other).count(), 1);
    await answer(other, 'Decline').click();
    for (const page of [bens.page, other]) await ring(page).waitFor({ state: 'detached' });
    await ring(adas.page).getByText('Ben cannot talk now.').waitFor();

    await answer(adas.page, 'Call again').click();
    await ring(bens.page).waitFor();
    // A tab that is opened meanwhile rings too.
    const late = await bens.context.newPage();
    await late.goto('/notifications');
    await ring(late).getByText('Ada is calling').waitFor();
    await answer(adas.page, 'Hang up').click();
    for (const page of [bens.page, other, late]) await ring(page).waitFor({ state: 'detached' });

    await adas.button('Call Ben').click();
    await answer(bens.page, 'Accept without camera').click();
    await Promise.all([adas.ownTile().waitFor(), bens.ownTile().waitFor()]);
    await bens.sees('Ada');
    assert.equal(await bens.button('Camera').getAttribute('aria-pressed'), 'false');
    await until('the others ring no longer', async () => (await ring(other).count()) + (await ring(late).count()), (count) => count === 0);
    await adas.button('Leave').click();
    await adas.page.locator('[data-code="left"]').waitFor();
    await adas.page.goto('/calls');
    await until('three calls', () => history(adas).allInnerTexts(), (texts) => texts.length === 3);
    const words = (await history(adas).allInnerTexts()).map((text) => text.trim().split(' ·')[0]);
    assert.deepEqual(words, ['Made', 'You hung up', 'Declined by them']);
  },
  { env: DEVELOPMENT },
);

for (const colorScheme of ['light', 'dark']) {
  scenario(
    `ringing and the calls that were are fit for everybody, ${colorScheme}`,
    async (stage) => {
      const { adas, bens } = await friends(stage, { viewport: PHONE, context: { colorScheme, reducedMotion: 'reduce' } });
      await bens.page.goto('/calls');
      await bens.page.getByText('You have not called anybody yet.').waitFor();
      await isFit(bens, 'no calls');
      await adas.button('Call Ben').click();
      await ring(bens.page).waitFor();
      for (const [person, what] of [[adas, 'a call that goes'], [bens, 'a call that comes']]) {
        await isFit(person, what);
        await fitsTheWidth(person, what);
      }
      for (const button of await ring(bens.page).getByRole('button').all()) {
        assert.ok((await button.boundingBox()).height >= 44, `${await button.innerText()} is large enough for a thumb`);
      }
      await answer(bens.page, 'Decline').click();
      await ring(adas.page).getByText('Ben cannot talk now.').waitFor();
      await isFit(adas, 'a call that was declined');
      await answer(adas.page, 'Close').click();
      await history(bens).first().waitFor();
      await isFit(bens, 'calls');
      await fitsTheWidth(bens, 'calls');
    },
    { env: DEVELOPMENT },
  );
}
