// An account from the first letter to the last: signing up, logging in and out, a forgotten password.

import assert from 'node:assert/strict';

import { DEVELOPMENT, PASSWORD, account, codeFor, logIn, ownMenu, resetLinkFor } from './harness/accounts.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

/** The browser tells the console of every answer that is a refusal, also of those that belong to the story. */
const REFUSED = { env: DEVELOPMENT, complaints: [/status of (401|403|409|422|429)/] };
const EMAIL = 'ada@example.org';

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name });
const isLoggedIn = (person, nickname) => person.button(`${nickname}: profile, settings, log out`).waitFor();

/** From the first page to the form for a name. */
async function proveAddress(ada, stage) {
  const { page } = ada;
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign up' }).click();
  await page.getByLabel('E-mail').fill(EMAIL);
  await ada.button('Send code').click();
  await page.getByLabel('Code', { exact: true }).waitFor();
  return codeFor(stage.server, EMAIL);
}

async function fillIn({ page }) {
  await page.getByLabel('Nickname').fill('Ada');
  await page.getByLabel('Handle').fill('ada');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('About you').fill('Numbers, and songs.');
}

scenario(
  'somebody signs up, logs out and logs in again',
  async (stage) => {
    await account(stage.server, 'bea');
    const ada = await stage.person('Ada');
    const { page } = ada;
    const code = await proveAddress(ada, stage);

    // A wrong code, then the right one, pasted with the spaces that mail programs add.
    const field = page.getByLabel('Code', { exact: true });
    await field.fill(code === '000000' ? '000001' : '000000');
    await page.getByText('This code is wrong').waitFor();
    await page.reload();
    await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await heading(ada, 'Who are you?').waitFor();

    // Nothing typed is lost by an error or a reload, but the password is not kept anywhere.
    await fillIn(ada);
    await page.getByLabel('Nickname').fill('Bea');
    await page.getByText('Somebody has this name already.').waitFor();
    await page.reload();
    assert.equal(await page.getByLabel('About you').inputValue(), 'Numbers, and songs.');
    assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
    assert.ok(!(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).includes(PASSWORD));

    await page.getByLabel('Nickname').fill('Ada');
    await page.getByText('Nobody has this name yet.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill('password');
    await page.getByText('Easy to guess').waitFor();
    for (const genre of ['Pop', 'Indie', 'Dance']) await ada.button(genre).click();
    await ada.button('Ballads').click({ force: true });
    assert.equal(await ada.button('Ballads').getAttribute('aria-pressed'), 'false', 'three and no more');
    await page.getByLabel('I agree to the terms').check();
    await ada.button('Create account').click();
    await page.getByText(/too easy to guess/).waitFor();
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await ada.button('Create account').click();
    await isLoggedIn(ada, 'Ada');
    await ada.button('New call').waitFor();

    // A reload keeps the log-in; logging out ends it in every tab.
    await page.reload();
    await isLoggedIn(ada, 'Ada');
    const second = await ada.context.newPage();
    await second.goto('/');
    await second.locator('.own').waitFor();
    await ownMenu(ada).click();
    await ada.button('Log out').click();
    await page.getByRole('link', { name: 'Log in' }).waitFor();
    await second.getByRole('link', { name: 'Log in' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Log in' }).waitFor();

    // In again, to where one wanted to go, with the e-mail this time.
    await page.goto('/settings/privacy');
    await heading(ada, 'Log in').waitFor();
    await page.getByLabel('E-mail or handle').fill(EMAIL);
    await page.getByLabel('Password', { exact: true }).fill(`${PASSWORD}!`);
    await page.keyboard.press('Enter');
    await page.getByText('do not belong together').waitFor();
    assert.equal(await page.getByLabel('E-mail or handle').inputValue(), EMAIL);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await heading(ada, /Privacy/).waitFor();
  },
  REFUSED,
);

scenario(
  '"stay logged in" decides whether the log-in outlives the browser',
  async (stage) => {
    const bea = await account(stage.server, 'bea');
    for (const stays of [true, false]) {
      const person = await stage.person('Bea');
      await person.page.goto('/login');
      await person.page.getByLabel('E-mail or handle').fill(bea.handle);
      await person.page.getByLabel('Password', { exact: true }).fill(bea.password);
      await person.page.getByLabel('Stay logged in').setChecked(stays);
      await person.button('Log in').click();
      await isLoggedIn(person, 'Bea');
      const cookie = (await person.context.cookies()).find(({ name }) => name === '__Host-session');
      assert.ok(cookie?.httpOnly && cookie.secure && cookie.sameSite === 'Lax', 'out of reach of scripts');
      assert.equal(cookie.expires > 0, stays);
    }
  },
  { env: DEVELOPMENT },
);

scenario(
  'many tabs and hasty reloads share one log-in',
  async (stage) => {
    const bea = await account(stage.server, 'bea');
    const person = await stage.person('Bea');
    await logIn(person, bea);
    const tabs = await Promise.all([1, 2, 3, 4].map(() => person.context.newPage()));
    await Promise.all(tabs.map((tab) => tab.goto('/settings')));
    for (let hurry = 0; hurry < 3; hurry += 1) {
      for (const tab of tabs) await tab.evaluate(() => location.reload()).catch(() => {});
    }
    for (const tab of tabs) await tab.getByText('bea@example.org').waitFor();
    await person.page.reload();
    await isLoggedIn(person, 'Bea');
  },
  { env: DEVELOPMENT },
);

scenario(
  'a forgotten password is chosen anew by a link that works once and ends every log-in',
  async (stage) => {
    const bea = await account(stage.server, 'bea');
    const [here, there] = [await stage.person('Bea'), await stage.person('Bea elsewhere')];
    await logIn(there, bea, '/settings/data');
    const { page } = here;
    await page.goto('/login');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    // The log-in has a field of nearly the same name.
    await heading(here, 'Forgot your password?').waitFor();
    await page.getByLabel('E-mail').fill(bea.email);
    await here.button('Send link').click();
    await heading(here, 'Look into your mail').waitFor();
    const link = await resetLinkFor(stage.server, bea.email);

    await page.goto(link);
    const fresh = 'copper-lantern-83-orchard';
    await page.getByLabel('New password').fill(fresh);
    await here.button('Set password').click();
    await page.getByText('Your new password is set').waitFor();
    await logIn(here, { ...bea, password: fresh });
    // Nobody touches the other browser: its socket hears of the end.
    await heading(there, 'Log in').waitFor();

    await there.page.goto('/');
    await there.page.goto(link);
    await there.page.getByLabel('New password').fill(`${fresh}-2`);
    await there.button('Set password').click();
    await heading(there, 'This link does not work any more').waitFor();
  },
  REFUSED,
);

scenario(
  'whoever is logged in comes into a call by their own name',
  async (stage) => {
    const { link } = await stage.server.createRoom();
    const bea = await account(stage.server, 'bea');
    const person = await stage.person('Bea');
    await logIn(person, bea);
    await person.page.getByLabel('Somebody sent you a link?').fill(link);
    await person.button('Open').click();
    assert.equal(await person.page.getByLabel('Your name').inputValue(), 'Bea');
    const asked = person.page.waitForRequest((request) => request.url().endsWith('/socket-tickets'));
    await person.join();
    assert.match((await (await asked).allHeaders()).authorization ?? '', /^Bearer /);

    // A call does not end by a slip: going back asks first, and staying keeps it.
    const dialog = person.page.waitForEvent('dialog');
    await person.page.evaluate(() => history.back());
    await (await dialog).dismiss();
    await until('the call is still there', () => person.ownTile().isVisible(), Boolean);
    assert.match(person.page.url(), /\/room\//);
  },
  { env: DEVELOPMENT },
);
