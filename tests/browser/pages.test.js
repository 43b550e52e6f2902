// The pages themselves: fit for everybody, on every width, in both languages, without a word of complaint.

import assert from 'node:assert/strict';

import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { scenario } from './harness/scenario.js';

/** The call's own pages answer for what keeps somebody out. */
const GRAVE = ['serious', 'critical'];

for (const colorScheme of ['light', 'dark']) {
  scenario(`no serious barrier on any page, ${colorScheme}`, async (stage) => {
    const { link } = await stage.server.createRoom();
    const settings = { context: { colorScheme, reducedMotion: 'reduce' } };
    const [ada, ben] = [await stage.person('Ada', settings), await stage.person('Ben', settings)];
    await ada.page.goto('/');
    await ada.button('New call').waitFor();
    await isFit(ada, 'the first page', GRAVE);
    await ada.arrive(link);
    await isFit(ada, 'the lobby', GRAVE);
    await ada.join();
    await isFit(ada, 'the call, alone', GRAVE);
    await ben.join(link);
    await ada.sees('Ben');
    await isFit(ada, 'the call', GRAVE);
    for (const panel of ['Effects', 'Chat', 'Invite']) {
      await ada.button(panel).click();
      await ada.page.locator('#panel').waitFor();
      await isFit(ada, `the call with ${panel} open`, GRAVE);
      await ada.button(panel).click();
    }
    await ada.button('Leave').click();
    await ada.page.locator('[data-code="left"]').waitFor();
    await isFit(ada, 'the farewell', GRAVE);
  });
}

scenario('360 pixels are wide enough', async (stage) => {
  const { link } = await stage.server.createRoom();
  const [ada, ben] = [await stage.person('Ada', { viewport: PHONE }), await stage.person('Ben')];
  await ada.page.goto('/');
  await ada.button('New call').waitFor();
  await fitsTheWidth(ada, 'the first page');
  await ada.arrive(link);
  await fitsTheWidth(ada, 'the lobby');
  await ada.join();
  await ben.join(link);
  await ada.sees('Ben');
  await fitsTheWidth(ada, 'the call');
  for (const name of ['Microphone', 'Camera', 'Effects', 'Take a still', 'Chat', 'Invite', 'Leave']) {
    const box = await ada.button(name).boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= PHONE.width && box.y + box.height <= PHONE.height, `${name} is on the screen`);
    assert.ok(box.width >= 40 && box.height >= 40, `${name} is large enough for a thumb`);
  }
  await ada.button('Effects').click();
  await fitsTheWidth(ada, 'the effects');
});

scenario('the page speaks Korean to whoever prefers it', async (stage) => {
  const { link } = await stage.server.createRoom();
  const ada = await stage.person('Ada', { context: { locale: 'ko-KR' } });
  await ada.page.goto('/');
  await ada.page.getByRole('heading', { level: 1 }).filter({ hasText: /[가-힣]/ }).waitFor();
  assert.equal(await ada.page.locator('html').getAttribute('lang'), 'ko');
  await ada.page.goto(new URL(link).pathname);
  await ada.page.getByRole('heading', { level: 1 }).filter({ hasText: /[가-힣]/ }).waitFor();
});

scenario('headers keep strangers\' scripts and frames out', async (stage) => {
  const { link } = await stage.server.createRoom();
  for (const path of ['/', new URL(link).pathname]) {
    const { headers } = await fetch(new URL(path, stage.server.url));
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /script-src 'self'(;|$| )/);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  }
});

scenario('the call can be led by the keyboard alone', async (stage) => {
  const { link } = await stage.server.createRoom();
  const ada = await stage.person('Ada');
  await ada.page.goto(new URL(link).pathname);
  await ada.page.getByLabel('Your name').focus();
  await ada.page.keyboard.type('Ada');
  await ada.page.keyboard.press('Enter');
  await ada.ownTile().waitFor();
  const reached = new Set();
  for (let i = 0; i < 40 && !reached.has('Leave'); i++) {
    await ada.page.keyboard.press('Tab');
    reached.add(await ada.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''));
  }
  for (const name of ['Microphone', 'Camera', 'Effects', 'Take a still', 'Chat', 'Invite', 'Leave']) assert.ok(reached.has(name), `${name} by Tab`);
  await ada.page.keyboard.press('Enter');
  await ada.page.locator('[data-code="left"]').waitFor();
});
