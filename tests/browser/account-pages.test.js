// The pages of accounts are fit for everybody: in both looks and languages, on a narrow phone, by the keyboard alone.

import assert from 'node:assert/strict';

import { DEVELOPMENT, PASSWORD, account, codeFor } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { scenario } from './harness/scenario.js';

const OUTSIDE = ['/', '/login', '/signup', '/reset', '/reset/token'];
const INSIDE = ['/', '/settings', '/settings/security', '/settings/privacy', '/settings/data'];

/** Logs in without the page, so that each language takes the same way. */
async function enter(person, { handle, password }) {
  await person.page.evaluate(
    async (body) => {
      await fetch('/api/v1/tokens', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      localStorage.setItem('moodcall.logged-in', 'true');
    },
    JSON.stringify({ grant: 'password', login: handle, password, remember: true, cookie: true }),
  );
}

async function look(person, path) {
  await person.page.goto(path);
  await person.page.locator('h1').waitFor();
  await person.page.waitForFunction(() => !document.querySelector('.spinner'));
  await isFit(person, path);
  await fitsTheWidth(person, path);
}

for (const [colorScheme, locale, viewport] of [
  ['light', 'en-US', undefined],
  ['dark', 'ko-KR', PHONE],
]) {
  scenario(
    `nothing keeps anybody out of an account: ${colorScheme}, ${locale}, ${viewport?.width ?? 960} pixels`,
    async (stage) => {
      const bea = await account(stage.server, 'bea', { language: locale.slice(0, 2) });
      const person = await stage.person('Bea', { viewport, context: { colorScheme, locale, reducedMotion: 'reduce' } });
      const { page } = person;
      for (const path of OUTSIDE) await look(person, path);

      // The second and the third step, with errors.
      await page.goto('/signup');
      await page.locator('[name=email]').fill('cleo@example.org');
      await page.keyboard.press('Enter');
      await page.locator('[name=code]').waitFor();
      await isFit(person, 'the code');
      await page.locator('[name=code]').fill(await codeFor(stage.server, 'cleo@example.org'));
      await page.locator('[name=nickname]').waitFor();
      await page.locator('[name=password]').fill('password');
      await page.locator('button[aria-disabled]').last().click();
      await page.locator('[name=nickname][aria-invalid=true]').waitFor();
      await isFit(person, 'the third step, with errors');
      await fitsTheWidth(person, 'the third step');

      await enter(person, bea);
      for (const path of INSIDE) await look(person, path);
      await page.locator('.own').click();
      await page.locator('#own-menu').waitFor();
      await isFit(person, "one's own menu");
    },
    { env: DEVELOPMENT },
  );
}

scenario(
  'the keyboard alone signs somebody up, and each page begins at its heading',
  async (stage) => {
    const person = await stage.person('Ada');
    const { page } = person;
    const key = (...keys) => keys.reduce((before, one) => before.then(() => page.keyboard.press(one)), Promise.resolve());
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.getAttribute('name'));
    /** Tabs on until what has the focus is called so. */
    const reach = async (name) => {
      for (let steps = 0; steps < 40; steps += 1) {
        if ((await focused()) === name) return;
        await page.keyboard.press('Tab');
      }
      assert.fail(`${name} is not reached; the focus is on ${await focused()}`);
    };
    await page.goto('/login');
    await page.locator('h1').waitFor();
    await key('Tab');
    assert.equal(await focused(), 'Skip to the content');
    await reach('Sign up');
    await key('Enter');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Sign up' && document.activeElement.tagName === 'H1');
    assert.match(await page.title(), /^Sign up/);
    await reach('email');
    await page.keyboard.type('ada@example.org');
    await key('Enter');
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'code');
    await page.keyboard.type(await codeFor(stage.server, 'ada@example.org'));
    await page.waitForFunction(() => document.activeElement?.textContent === 'Who are you?');
    for (const [name, text] of [['nickname', 'Ada'], ['handle', 'ada'], ['password', PASSWORD]]) {
      await reach(name);
      await page.keyboard.type(text);
    }
    await reach('Indie');
    await key('Space');
    await reach('terms');
    await key('Space');
    await reach('Create account');
    await key('Enter');
    await page.locator('.own').waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');

    // Into the settings by the menu, and back with the browser's own key.
    await page.locator('.own').focus();
    await key('Enter');
    await reach('Settings');
    await key('Enter');
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1' && /Account/.test(document.activeElement.textContent));
    await page.goBack();
    await person.button('New call').waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  },
  { env: DEVELOPMENT },
);
