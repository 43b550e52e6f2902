// One's own settings: what is changed holds, here and elsewhere.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { DEVELOPMENT, PASSWORD, account, logIn } from './harness/accounts.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

/** The browser tells the console of every answer that is a refusal, also of those that belong to the story. */
const REFUSED = { env: DEVELOPMENT, complaints: [/status of (401|403|422)/] };

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name });

scenario(
  'language and look go along with the account',
  async (stage) => {
    const bea = await account(stage.server, 'bea');
    const [here, there] = [await stage.person('Bea'), await stage.person('Bea elsewhere')];
    await logIn(here, bea, '/settings');
    const saved = () => here.page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok());
    let answer = saved();
    await here.page.getByRole('radio', { name: 'Dark' }).check();
    await answer;
    answer = saved();
    await here.page.getByRole('radio', { name: '한국어' }).check();
    await answer;
    await heading(here, /계정/).waitFor();

    await logIn(there, bea, '/settings');
    await heading(there, /계정/).waitFor();
    assert.equal(await there.page.evaluate(() => document.documentElement.dataset.look), 'dark');
    await there.page.reload();
    await heading(there, /계정/).waitFor();
    assert.equal(await there.page.evaluate(() => document.documentElement.lang), 'ko');
  },
  { env: DEVELOPMENT },
);

scenario(
  'a changed password ends every other log-in and leaves this one',
  async (stage) => {
    const bea = await account(stage.server, 'bea');
    const [here, there] = [await stage.person('Bea'), await stage.person('Bea elsewhere')];
    await logIn(there, bea, '/settings/privacy');
    await logIn(here, bea, '/settings/security');
    const { page } = here;
    // The account's own beginning, over HTTP, and the two browsers.
    const logIns = page.getByRole('list', { name: 'Where you are logged in' }).getByRole('listitem');
    await until('three log-ins', () => logIns.count(), (count) => count === 3);
    assert.equal(await logIns.filter({ hasText: 'This device' }).count(), 1);

    await page.getByLabel('Present password').fill(`${PASSWORD}!`);
    await page.getByLabel('New password').fill('copper-lantern-83-orchard');
    await here.button('Change password').click();
    await page.getByText('That is not your present password.').waitFor();
    await page.getByLabel('Present password').fill(PASSWORD);
    await here.button('Change password').click();
    await page.getByText('Your password is changed.').waitFor();
    await until('one log-in is left', () => logIns.count(), (count) => count === 1);

    await there.page.getByLabel('News by mail').click();
    await heading(there, 'Log in').waitFor();
    await logIn(there, { ...bea, password: 'copper-lantern-83-orchard' }, '/settings/privacy');
    await there.page.getByLabel('News by mail').click();
    await until('the server has it', () => there.page.evaluate(() => document.querySelectorAll('[role=switch]:checked').length), (on) => on === 1);

    // One log-in ends another.
    await page.reload();
    await logIns.filter({ hasNotText: 'This device' }).getByRole('button', { name: 'End' }).click();
    await until('it is gone', () => logIns.count(), (count) => count === 1);
    await there.page.getByLabel('News by mail').click();
    await heading(there, 'Log in').waitFor();
  },
  REFUSED,
);

scenario(
  'one takes a copy of everything along, leaves, and comes back in time',
  async (stage) => {
    const bea = await account(stage.server, 'bea');
    const person = await stage.person('Bea');
    const { page } = person;
    await logIn(person, bea, '/settings/data');
    await person.button('Make a copy').click();
    const download = page.waitForEvent('download');
    await person.button('Download').click();
    const copy = join(await mkdtemp(join(tmpdir(), 'moodcall-copy-')), 'copy.zip');
    await (await download).saveAs(copy);
    const file = await readFile(copy);
    await rm(dirname(copy), { recursive: true });
    assert.equal(file.subarray(0, 2).toString(), 'PK', 'a ZIP');

    await page.getByText('For 14 days you can take it back').waitFor();
    await person.button('Delete my account…').click();
    await page.getByLabel('Your password, to be sure it is you').fill('not my password');
    await person.button('Delete my account').click();
    await page.getByText('That is not your present password.').waitFor();
    await page.getByLabel('Your password, to be sure it is you').fill(PASSWORD);
    await person.button('Delete my account').click();
    await page.getByText('Your account will be deleted in 14 days.').waitFor();
    await page.getByRole('link', { name: 'Sign up' }).first().waitFor();

    await logIn(person, bea, '/settings/data');
    await page.getByText('your account is not deleted').first().waitFor();
    await person.button('Delete my account…').waitFor();
  },
  REFUSED,
);
