// What people share, in three orders; and every page around posts is fit for everybody.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

/** More than one page of a list. */
const MANY = 23;

const titles = (person) => person.page.locator('.post-card h2').allInnerTexts();
const order = (person, name) => person.page.locator('.tabs').getByRole('link', { name, exact: true });

scenario(
  'the latest, those one follows, and what many like; guests see what everybody may see',
  async (stage) => {
    const { server } = stage;
    const [ada, ben, cleo] = await Promise.all(['ada', 'ben', 'cleo'].map((handle) => account(server, handle)));
    const [adas, guest] = [await stage.person('Ada'), await stage.person('Guest')];
    await enter(adas, ada);
    await adas.page.getByText('Nobody has shared anything yet.').waitFor();
    const write = (who, title, more = {}) => asks(server, who, 'POST', '/posts', { title, body: '…', ...more });
    const old = await write(cleo, 'Liked by two');
    await write(ben, 'By Ben');
    await write(ben, 'For followers', { visibility: 'followers' });
    for (const who of [ada, ben]) await asks(server, who, 'PUT', `/posts/${old.id}/like`);
    await asks(server, ada, 'PUT', '/me/following/ben');

    await adas.page.reload();
    await until('the latest', () => titles(adas), (found) => found.join() === 'By Ben,Liked by two');
    await order(adas, 'Following').click();
    await until('of those one follows', () => titles(adas), (found) => found.join() === 'For followers,By Ben');
    assert.equal(new URL(adas.page.url()).searchParams.get('feed'), 'following');
    await order(adas, 'Popular').click();
    await until('what many like', () => titles(adas), (found) => found[0] === 'Liked by two');

    // A new one of one's own is there when one comes back.
    await order(adas, 'Latest').click();
    await adas.page.getByRole('link', { name: 'New post' }).click();
    await adas.page.getByLabel('Title', { exact: true }).fill('By Ada');
    await adas.page.getByLabel('Text', { exact: true }).fill('…');
    await adas.button('Post').click();
    await adas.page.getByRole('heading', { level: 1, name: 'By Ada' }).waitFor();
    await adas.page.goBack();
    await until('one more', () => titles(adas), (found) => found.join() === 'By Ada,By Ben,Liked by two');

    await guest.page.goto('/');
    await guest.button('New call').waitFor();
    await until('what everybody may see', () => titles(guest), (found) => found.join() === 'By Ada,By Ben,Liked by two');
    assert.equal(await order(guest, 'Following').count(), 0);
    await guest.page.getByRole('button', { name: /^Like/ }).first().click();
    await guest.page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
  },
  { env: DEVELOPMENT },
);

scenario(
  'the feed loads on as one scrolls, and one comes back to the same place',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    for (let i = 0; i < MANY; i += 1) await asks(server, ada, 'POST', '/posts', { title: `Post ${i}`, body: 'Some words.' });
    const adas = await stage.person('Ada', { viewport: PHONE });
    await enter(adas, ada);
    await adas.page.locator('.post-card').first().waitFor();
    const all = await until('all posts', async () => {
      await adas.page.mouse.wheel(0, 3_000);
      return titles(adas);
    }, (found) => found.length === MANY);
    assert.deepEqual(all, Array.from({ length: MANY }, (_, i) => `Post ${MANY - 1 - i}`));
    await adas.page.getByRole('link', { name: 'Post 2', exact: true }).click();
    await adas.page.getByRole('heading', { level: 1, name: 'Post 2', exact: true }).waitFor();
    await adas.page.goBack();
    await until('the same place', () => adas.page.getByRole('link', { name: 'Post 2', exact: true }).boundingBox(), (box) => box !== null && box.y > 0 && box.y < PHONE.height);
    assert.equal((await titles(adas)).length, MANY);
  },
  { env: DEVELOPMENT },
);

scenario(
  'posts are found by their words and tags, whoever writes them in whichever script',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    await asks(server, ben, 'POST', '/posts', { title: '비 오는 창가에서', body: 'Three hours of rain', tags: ['비오는날'] });
    const adas = await stage.person('Ada');
    await enter(adas, ada, '/search?q=창가&in=posts');
    await until('by a part of a word', () => titles(adas), (found) => found.join() === '비 오는 창가에서');
    await order(adas, 'Tags').click();
    await adas.page.getByText('No tag found for “창가”').waitFor();
    await adas.page.getByRole('searchbox').fill('오는');
    await adas.page.locator('.row-tag').filter({ hasText: '#비오는날' }).click();
    await adas.page.getByRole('heading', { level: 1, name: '#비오는날' }).waitFor();
    await until('what carries it', () => titles(adas), (found) => found.join() === '비 오는 창가에서');
    await adas.page.goto('/tags/nothing');
    await adas.page.getByText('Nobody has used #nothing yet.').waitFor();
  },
  { env: DEVELOPMENT },
);

for (const colorScheme of ['light', 'dark']) {
  scenario(
    `pages around posts keep nobody out, ${colorScheme}`,
    async (stage) => {
      const { server } = stage;
      const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
      const words = { title: '비 오는 창가에서 쓴 아주 긴 제목의 게시물', body: 'https://example.org/a-very-long-address-without-any-break-in-it-at-all', tags: ['rain', '비오는날'], mood: 'surprise' };
      const post = await asks(server, ada, 'POST', '/posts', words);
      const said = await asks(server, ben, 'POST', `/posts/${post.id}/comments`, { body: 'Good.' });
      await asks(server, ada, 'POST', `/posts/${post.id}/comments`, { body: 'Thanks.', parent_id: said.id });
      await asks(server, ada, 'PUT', `/posts/${post.id}/bookmark`);
      const adas = await stage.person('Ada', { viewport: PHONE, context: { colorScheme, reducedMotion: 'reduce' } });
      await enter(adas, ada);
      for (const address of ['/', '/?feed=following', `/posts/${post.id}`, `/posts/${post.id}/edit`, '/posts/new', '/bookmarks', '/tags/rain', '/tags/none', '/people/ada', '/people/ben', '/search?q=비&in=posts', '/search?q=rain&in=tags', '/posts/01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e']) {
        await adas.page.goto(address);
        await adas.page.getByRole('heading', { level: 1 }).waitFor();
        await adas.page.waitForFunction(() => !document.querySelector('.spinner'));
        await isFit(adas, `${address}, ${colorScheme}`);
        await fitsTheWidth(adas, address);
        assert.deepEqual(await small(adas.page), [], `large enough for a thumb on ${address}`);
      }
      await adas.page.goto(`/posts/${post.id}`);
      await adas.button('Show one reply').click();
      await adas.page.locator('.replies').getByText('Thanks.').waitFor();
      await adas.button('Reply Ben').click();
      await isFit(adas, 'a comment with its replies and a field');
      await adas.button('More about this post').click();
      await isFit(adas, 'the menu');
      await adas.page.keyboard.press('Escape');
      await adas.button('More about what Ben said').click();
      await adas.page.locator('.menu:popover-open').getByText('Report').click();
      await adas.page.locator('dialog[open]').waitFor();
      await isFit(adas, 'the report');
      await fitsTheWidth(adas, 'the report');
    },
    { env: DEVELOPMENT, complaints: [/Failed to load resource/] },
  );
}

/** Buttons of pages around posts that are too small for a thumb. */
const small = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('main button, main .mark, main .tabs a')]
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, { width, height }]) => width > 0 && (width < 44 || height < 44))
      .map(([element, { width, height }]) => `${element.textContent.trim().slice(0, 30)} ${Math.round(width)}×${Math.round(height)}`),
  );
