// People and each other: following, friendship, blocks, and the lists of who is whose.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

/** More than one page of a list. */
const MANY = 23;

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name });
const count = (person, name) => person.page.locator('.counts a').filter({ hasText: name }).locator('b');
const rows = (person) => person.page.locator('.rows > li');

async function two(stage, settings = {}) {
  const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(stage.server, handle)));
  const [adas, bens] = [await stage.person('Ada', settings), await stage.person('Ben', settings)];
  await enter(adas, ada, '/people/ben');
  await enter(bens, ben, '/people/ada');
  return { ada, ben, adas, bens };
}

scenario(
  'whom one follows, befriends and ends it with, both see without a reload',
  async (stage) => {
    const { adas, bens } = await two(stage);
    await adas.button('Follow Ben').click();
    await adas.button('Following Ben').waitFor();
    await until('Ben has one follower', () => count(adas, 'Followers').innerText(), (text) => text === '1');
    await bens.page.getByText('Follows you', { exact: true }).waitFor();

    await bens.button('Ask to be friends').click();
    await bens.button('Withdraw request').waitFor();
    await adas.button('Accept').click();
    await Promise.all([adas.button('Friends').waitFor(), bens.button('Friends').waitFor()]);
    for (const person of [adas, bens]) assert.equal(await count(person, 'Friends').innerText(), '1');

    await adas.button('Friends').click();
    await adas.page.getByRole('dialog').getByRole('button', { name: 'End friendship' }).click();
    await adas.button('Ask to be friends').waitFor();
    await bens.page.reload();
    await bens.button('Ask to be friends').waitFor();

    await bens.button('Ask to be friends').click();
    await adas.button('Decline').click();
    await adas.button('Ask to be friends').waitFor();
    await adas.page.reload();
    await adas.button('Following Ben').click();
    await adas.button('Follow Ben').waitFor();
    await until('nobody follows Ben', () => count(adas, 'Followers').innerText(), (text) => text === '0');
  },
  { env: DEVELOPMENT },
);

scenario(
  'a request can be withdrawn, and is answered among the friends or the notifications',
  async (stage) => {
    const { adas, bens } = await two(stage);
    await adas.button('Ask to be friends').click();
    await adas.page.goto('/friends?show=outgoing');
    await adas.button('Withdraw request Ben').click();
    await adas.page.getByText('You have no open requests.').waitFor();
    await bens.page.goto('/friends?show=incoming');
    await bens.page.getByText('No open requests.').waitFor();

    await adas.page.goto('/people/ben');
    await adas.button('Ask to be friends').click();
    // It comes to an open page by itself.
    await bens.button('Accept Ada').click();
    await bens.page.getByRole('link', { name: 'Friends', exact: true }).last().click();
    await bens.button('End friendship Ada').waitFor();
    await adas.button('Friends').waitFor();

    await bens.button('End friendship Ada').click();
    await bens.page.getByRole('dialog').getByRole('button', { name: 'End friendship' }).click();
    await bens.page.getByText('No friends here yet.').waitFor();
    await adas.page.reload();
    await adas.button('Ask to be friends').click();
    await bens.page.goto('/notifications');
    await bens.button('Accept Ada').click();
    await bens.page.getByText('Accepted', { exact: true }).waitFor();
    await adas.button('Friends').waitFor();
  },
  { env: DEVELOPMENT },
);

scenario(
  'a block hides both from each other everywhere, until it is taken back',
  async (stage) => {
    const { ada, ben, adas, bens } = await two(stage);
    await asks(stage.server, ben, 'PUT', '/me/following/ada');
    await adas.button('Block').click();
    await adas.page.getByRole('dialog').getByText('You no longer follow each other').waitFor();
    await adas.button('Cancel').click();
    await adas.button('Block').click();
    await adas.page.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
    await heading(adas, 'Ben is blocked').waitFor();

    for (const [person, other] of [
      [adas, 'ben'],
      [bens, 'ada'],
    ]) {
      await person.page.goto(`/people/${other}`);
      await heading(person, 'Nobody is here').waitFor();
      const blocked = await person.page.locator('main').innerText();
      await person.page.goto('/people/nobody_at_all');
      await heading(person, 'Nobody is here').waitFor();
      assert.equal(await person.page.locator('main').innerText(), blocked, 'a block looks like nobody');
      await person.page.goto(`/search?q=${other}`);
      await person.page.getByText(`Nobody found for “${other}”`).waitFor();
    }
    await adas.page.goto('/people/ada/followers');
    await adas.page.getByText('Nobody follows you yet.').waitFor();
    assert.equal((await asks(stage.server, ada, 'GET', '/me')).counts.followers, 0);

    await adas.page.goto('/settings/blocked');
    await adas.button('Unblock Ben').click();
    await adas.page.getByText('You have blocked nobody.').waitFor();
    await bens.page.goto('/people/ada');
    await bens.button('Follow Ada').waitFor();
  },
  // Chromium itself notes an answer of 404 in the console.
  { env: DEVELOPMENT, complaints: [/Failed to load resource/] },
);

scenario(
  'lists load on as one scrolls, and pages of people are fit for everybody',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const fans = await Promise.all(Array.from({ length: MANY }, (_, i) => account(server, `fan${i}`)));
    for (const fan of fans) await asks(server, fan, 'PUT', '/me/following/ada');
    await asks(server, ada, 'POST', '/friend-requests', { to: 'fan0' });
    await asks(server, fans[1], 'POST', '/friend-requests', { to: 'ada' });
    await asks(server, ada, 'PUT', '/me/blocks/fan2');

    const pages = [
      ['/me', 'Ada'],
      ['/people/fan1', 'Fan1'],
      ['/people/ada/followers', 'Who follows Ada'],
      ['/friends', 'Friends'],
      ['/friends?show=incoming', 'Friends'],
      ['/friends?show=outgoing', 'Friends'],
      ['/notifications', 'Notifications'],
      ['/search?q=fan', 'Search'],
      ['/search', 'Search'],
      ['/settings/profile', 'Edit profile'],
      ['/settings/blocked', 'Blocked people'],
    ];
    for (const colorScheme of ['light', 'dark']) {
      const settings = { viewport: PHONE, context: { colorScheme, reducedMotion: 'reduce' } };
      const adas = await stage.person(`Ada ${colorScheme}`, settings);
      await enter(adas, ada);
      for (const [address, name] of pages) {
        await adas.page.goto(address);
        await heading(adas, name).waitFor();
        await adas.page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
        await isFit(adas, `${address}, ${colorScheme}`);
        await fitsTheWidth(adas, address);
      }
      await adas.page.goto('/people/fan1');
      await adas.button('Block').click();
      await adas.page.getByRole('dialog').waitFor();
      await isFit(adas, `the question before a block, ${colorScheme}`);
    }

    const adas = await stage.person('Ada', { viewport: PHONE });
    await enter(adas, ada, '/people/ada/followers');
    await rows(adas).first().waitFor();
    const names = () => rows(adas).locator('small').allInnerTexts();
    assert.ok((await names()).length < MANY - 1, 'not everything at once');
    const all = await until('all followers', async () => {
      await adas.page.mouse.wheel(0, 2_000);
      return names();
    }, (found) => found.length >= MANY - 1);
    assert.equal(new Set(all).size, MANY - 1, 'each once, and not the one who is blocked');
    const { items } = await asks(server, ada, 'GET', '/users/ada/followers?limit=100');
    assert.deepEqual(all, items.map(({ user }) => `@${user.handle}`), 'in the order of the server');
  },
  { env: DEVELOPMENT },
);

scenario(
  'somebody is found, followed and asked by the keyboard alone',
  async (stage) => {
    const [ada] = await Promise.all(['ada', 'ben'].map((handle) => account(stage.server, handle)));
    const adas = await stage.person('Ada');
    await enter(adas, ada);
    const { keyboard } = adas.page;
    const tabTo = async (name) => {
      for (let i = 0; i < 40; i += 1) {
        await keyboard.press('Tab');
        const { text, outline } = await adas.page.evaluate(() => {
          const element = document.querySelector('a:focus, button:focus');
          return { text: element?.textContent?.replace(/\s+/g, ' ') ?? '', outline: element && getComputedStyle(element).outlineStyle };
        });
        if (text.includes(name)) return assert.notEqual(outline, 'none', `the focus on ${name} is seen`);
      }
      throw new Error(`no way to ${name} by Tab`);
    };
    await tabTo('Search');
    await keyboard.press('Enter');
    await heading(adas, 'Search').waitFor();
    await until('the page has the focus', () => adas.page.evaluate(() => document.activeElement?.tagName), (tag) => tag === 'H1');
    await keyboard.press('Tab');
    await keyboard.type('ben');
    await keyboard.press('Enter');
    await rows(adas).first().waitFor();
    await tabTo('Ben');
    await keyboard.press('Enter');
    await heading(adas, 'Ben').waitFor();
    await tabTo('Follow Ben');
    await keyboard.press('Enter');
    await adas.button('Following Ben').waitFor();
    await tabTo('Ask to be friends');
    await keyboard.press('Enter');
    await adas.button('Withdraw request').waitFor();
    await tabTo('Block');
    await keyboard.press('Enter');
    await adas.page.getByRole('dialog').waitFor();
    await keyboard.press('Escape');
    await adas.page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await adas.page.evaluate(() => document.activeElement?.textContent?.trim()), 'Block', 'the focus comes back');
  },
  { env: DEVELOPMENT },
);
