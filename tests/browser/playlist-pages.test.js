// Every page of playlists is fit for everybody: axe-core, a narrow phone, large enough for a thumb, in both languages.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { playlist } from './harness/playlists.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

/** More than one page of a list. */
const MANY = 23;

for (const [colorScheme, language] of [['light', 'ko'], ['dark', 'en']]) {
  scenario(
    `pages of playlists keep nobody out, ${colorScheme}, ${language}`,
    async (stage) => {
      const { server } = stage;
      const ada = await account(server, 'ada', { language });
      const made = await playlist(server, ada, {
        title: '비 오는 창가에서 듣는 아주아주아주 긴 제목의 플레이리스트',
        description: 'https://example.org/a-very-long-address-without-any-break-in-it-at-all and some words.',
        tags: ['rain', '비오는날'],
        mood: 'sadness',
        genre: 'ballad',
      });
      await asks(server, ada, 'PUT', `/playlists/${made.id}/like`);
      const empty = await playlist(server, ada, { title: 'Empty', songs: 0, is_public: false });
      const locale = language === 'ko' ? 'ko-KR' : 'en-US';
      const adas = await stage.person('Ada', { viewport: PHONE, context: { colorScheme, locale, reducedMotion: 'reduce' } });
      await enter(adas, ada);
      const own = ['', '/edit', '/summary'].map((part) => `/playlists/${made.id}${part}`);
      const kinds = ['hot', 'new', 'for-you', 'mine', 'liked', 'bookmarked'].map((kind) => `/playlists?show=${kind}`);
      const gone = '/playlists/01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e';
      for (const address of ['/', ...own, `/playlists/${empty.id}`, `/playlists/${empty.id}/edit`, ...kinds, '/playlists/new', '/playlists/new/empty', '/event', '/people/ada', '/people/ada/liked-playlists', '/settings/profile', '/search?in=songs&q=a', '/search?in=playlists&q=비', '/playlists/making/01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e', gone]) {
        await adas.page.goto(address);
        await adas.page.getByRole('heading', { level: 1 }).first().waitFor();
        await adas.page.waitForFunction(() => !document.querySelector('.spinner'));
        await isFit(adas, `${address}, ${colorScheme}`);
        await fitsTheWidth(adas, address);
        assert.deepEqual(await small(adas.page), [], `large enough for a thumb on ${address}`);
        const untold = await adas.page.evaluate(() => document.body.innerText.match(/\b(playlist|shelf|song|order|seek|cover|wizard|making|summary|evening|bring|choice|adding)\.[a-z-]+\b/g));
        assert.deepEqual(untold, null, `words for everything on ${address}`);
      }
      for (const step of ['genre', 'decade']) {
        await adas.page.evaluate(([id]) => localStorage.setItem(`moodcall.draft.${id}.playlist`, JSON.stringify({ mood: 'rain', genre: 'pop', decade: 0 })), [ada.id]);
        await adas.page.goto(`/playlists/new?step=${step}`);
        await adas.page.getByRole('radio').first().waitFor();
        await isFit(adas, `the question about the ${step}`);
        await fitsTheWidth(adas, `the question about the ${step}`);
      }
      await adas.page.goto(`/playlists/${made.id}`);
      await adas.page.locator('.song-actions button').first().click();
      await adas.page.locator('dialog[open] .pick-list').first().waitFor();
      await isFit(adas, 'the sheet that adds');
      await fitsTheWidth(adas, 'the sheet that adds');
    },
    { env: DEVELOPMENT, complaints: [/Failed to load resource/] },
  );
}

/** Buttons that are too small for a thumb. */
const small = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('main button, main .mark, main .tabs a')]
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, { width, height }]) => width > 0 && (width < 44 || height < 44))
      .map(([element, { width, height }]) => `${element.textContent.trim().slice(0, 30)} ${Math.round(width)}×${Math.round(height)}`),
  );

scenario(
  'more of a shelf really is more, and one comes back to the same place',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    for (let i = 0; i < MANY; i += 1) await playlist(server, ben, { title: `List ${i}`, songs: 1, genre: 'pop' });
    const adas = await stage.person('Ada', { viewport: PHONE });
    await enter(adas, ada, '/');
    const names = () => adas.page.locator('mc-playlists .playlist-name').allInnerTexts();
    const shelf = adas.page.locator('.shelf').filter({ has: adas.page.getByRole('heading', { name: 'New', exact: true }) });
    await shelf.getByRole('link', { name: /^More/ }).click();
    const all = await until('all of them', async () => {
      await adas.page.mouse.wheel(0, 3_000);
      return names();
    }, ({ length }) => length === MANY);
    assert.deepEqual(all, Array.from({ length: MANY }, (_, i) => `List ${MANY - 1 - i}`));
    await adas.page.getByRole('link', { name: /^List 1 / }).first().click();
    await adas.page.getByRole('heading', { level: 1, name: 'List 1', exact: true }).waitFor();
    await adas.page.goBack();
    await until('the same list', names, ({ length }) => length === MANY);

    const tab = (page) => page.locator('.tabs a[aria-current]').evaluate((one) => [one.getBoundingClientRect().left >= 0, one.getBoundingClientRect().right <= innerWidth]);
    const overlapping = (page) => page.locator('.tabs a').evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
    for (const address of ['/playlists?show=bookmarked', '/search?in=tags']) {
      await adas.page.goto(address);
      await until(`the tab that is shown on ${address} is seen`, () => tab(adas.page), (edges) => edges.every(Boolean));
      assert.deepEqual(await overlapping(adas.page), [], address);
    }
    // More of them in a line than fit, each with a like.
    for (const { id } of (await asks(server, ben, 'GET', '/me/playlists')).items.slice(0, 8)) await asks(server, ada, 'PUT', `/playlists/${id}/like`);
    for (const address of ['/people/ben', '/people/ada', '/']) {
      await adas.page.goto(address);
      await adas.page.locator('.playlist-card').nth(7).waitFor({ state: 'attached' });
      await fitsTheWidth(adas, address);
    }
  },
  { env: DEVELOPMENT },
);
