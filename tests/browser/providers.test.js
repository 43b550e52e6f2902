// Logging in elsewhere, at the provider that is built in for development.

import { DEVELOPMENT, account, logIn, ownMenu } from './harness/accounts.js';
import { scenario } from './harness/scenario.js';

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name });

scenario(
  'an account that is linked elsewhere opens by it, and a provider that says no opens nothing',
  async (stage) => {
    const bea = await account(stage.server, 'bea');
    const person = await stage.person('Bea');
    const { page } = person;
    await logIn(person, bea, '/settings/security');
    const linked = page.getByRole('list', { name: 'Log-ins elsewhere' });
    await linked.getByRole('button', { name: /^Link/ }).click();
    await person.button('Noah').click();
    await heading(person, /Account/).waitFor();
    await page.getByRole('link', { name: 'Security' }).click();
    await linked.getByText(/^Linked/).waitFor();

    await ownMenu(person).click();
    await person.button('Log out').click();
    await page.getByRole('link', { name: 'Log in' }).click();
    const elsewhere = page.getByRole('link', { name: /^Continue with/ });
    await elsewhere.click();
    await page.locator('select[name=mistake]').selectOption('denied');
    await person.button('Noah').click();
    await page.getByText('The provider did not say who you are.').waitFor();
    await elsewhere.click();
    await person.button('Noah').click();
    await person.button('Bea: profile, settings, log out').waitFor();
    await page.reload();
    await person.button('Bea: profile, settings, log out').waitFor();

    // Unlinked, it is somebody new, who goes on to sign up with what the provider has proved.
    await page.goto('/settings/security');
    await linked.getByRole('button', { name: /^Unlink/ }).click();
    await linked.getByText('Not linked').waitFor();
    await ownMenu(person).click();
    await person.button('Log out').click();
    await page.getByRole('link', { name: 'Log in' }).click();
    await elsewhere.click();
    await person.button('Noah').click();
    await heading(person, 'Who are you?').waitFor();
    await page.getByText('Your address noah@people.example is confirmed.').waitFor();
    await page.getByLabel('Nickname').waitFor();
  },
  { env: DEVELOPMENT, complaints: [/status of (401|404)/] },
);
