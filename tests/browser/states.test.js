// Every page with something to fetch says when there is nothing, that it is on its way, and that it could not be had; and comes
// to itself when one tries again. In Korean, so that a text that is missing would show as its key.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { scenario } from './harness/scenario.js';
import { appoint } from './harness/staff.js';
import { until } from './harness/until.js';

/** What a page needs before it shows anything at all: who one is, and how the server is set. */
const NEEDED = /\/api\/v1\/(tokens|me|config|socket-tickets|socket|ice-servers)$/;
/** A key instead of a text. */
const KEY = /(?<![\w/@.#-])[a-z]+(?:-[a-z]+)*\.[a-z][a-z-]*[a-z](?![\w/@.])/;
const KNOWN = /example\.org|moodcall/i;

/** Pages of somebody new, and what they say while there is nothing. */
const EMPTY = [
  ['/', null],
  ['/?feed=following', null],
  ['/rooms', '지금 들어갈 수 있는 방에 아무도 없어요'],
  ['/rooms?show=mine', '아직 내 방이 없어요'],
  ['/rooms?tag=비', '지금은 #비 태그가 있는 방이 없어요'],
  ['/tags/비', '아직 #비 태그를 단 것이 없어요'],
  ['/search?q=없는말&in=posts', '없는말'],
  ['/search?q=없는말&in=rooms', '없는말'],
  ['/gallery', '아직 통화에서 남긴 사진이 없어요'],
  ['/gallery?show=asked', '내가 나온 통화 사진이 없어요'],
  ['/bookmarks', null],
  ['/calls', null],
  ['/notifications', null],
  ['/friends', null],
  ['/settings/blocked', null],
  ['/admin/reports', '처리할 신고가 없어요'],
];

/** Pages of one thing, or with more than a list. */
const FULL = ['/admin', '/admin/log'];

/** No text is missing. */
async function speaks(person, where) {
  const words = await person.page.locator('#page').innerText();
  const key = words.split('\n').find((line) => KEY.test(line) && !KNOWN.test(line));
  assert.equal(key, undefined, `a text is missing on ${where}`);
}

async function everyPage(stage, colorScheme) {
  const { server } = stage;
  const ada = await account(server, 'ada', { language: 'ko' });
  await appoint(server, 'ada');
  const adas = await stage.person('Ada', { viewport: PHONE, context: { colorScheme, reducedMotion: 'reduce', locale: 'ko-KR' } });
  await adas.page.goto('/health/live');
  await adas.page.evaluate(
    async (body) => {
      await fetch('/api/v1/tokens', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      localStorage.setItem('moodcall.logged-in', 'true');
    },
    { grant: 'password', login: 'ada', password: ada.password, remember: true, cookie: true },
  );
  return { adas, ada };
}

/**
 * @param {string} address
 * @param {string} [words] what it says while there is nothing; none: there is something
 */
async function look(adas, address, words, colorScheme) {
  const main = adas.page.locator('#page');
  let broken = true;
  let holding = true;
  /** Requests that wait for a word from here. */
  const held = [];
  await adas.page.route('**/api/v1/**', async (route) => {
    if (NEEDED.test(new URL(route.request().url()).pathname)) return route.continue();
    if (holding) await new Promise((resolve) => held.push(resolve));
    return broken ? route.abort() : route.continue();
  });
  await adas.page.goto(address);
  await main.locator('.spinner').first().waitFor();
  holding = false;
  held.forEach((go) => go());
  const again = main.getByRole('button', { name: '다시 시도' }).first();
  await again.waitFor();
  await main.getByText('서버에 연결할 수 없어요').first().waitFor();
  await isFit(adas, `${address} that failed, ${colorScheme}`);
  await fitsTheWidth(adas, address);
  broken = false;
  // Each part of the page that failed on its own can be tried again on its own.
  const recovers = async () => {
    if (await again.count()) await again.click({ timeout: 1_000 }).catch(() => {});
    return again.count();
  };
  await until(`${address} comes to itself`, recovers, (count) => count === 0);
  await adas.page.waitForFunction(() => !document.querySelector('#page .spinner'));
  if (words !== undefined) await main.locator('.empty-state').first().waitFor();
  if (words) await main.getByText(words).first().waitFor();
  await speaks(adas, address);
  await isFit(adas, `${address}, ${colorScheme}`);
  await fitsTheWidth(adas, address);
  await adas.page.unroute('**/api/v1/**');
}

for (const colorScheme of ['light', 'dark']) {
  scenario(
    `every list says that it is empty, that it is on its way and that it could not be had, ${colorScheme}`,
    async (stage) => {
      const { adas, ada } = await everyPage(stage, colorScheme);
      const seen = (address, words) => look(adas, address, words, colorScheme);
      for (const [address, words] of EMPTY) await seen(address, words ?? '');
      const { id: room } = await asks(stage.server, ada, 'POST', '/rooms', { visibility: 'invite', tags: ['비'] });
      const { id: post } = await asks(stage.server, ada, 'POST', '/posts', { title: '비 오는 날', body: '…', visibility: 'private' });
      for (const address of [...FULL, `/rooms/${room}/edit`, `/posts/${post}`, `/posts/${post}/edit`, '/people/ada']) await seen(address);
    },
    { env: DEVELOPMENT, complaints: [/Failed to load resource/], timeout: 240_000 },
  );
}
