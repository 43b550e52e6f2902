// Digging: songs come as one scrolls, none twice, until there are none; each is heard and kept.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const rows = (person) => person.page.locator('.dug');
const bar = (person) => person.page.getByRole('region', { name: 'Player' });
const identifiers = (person) => rows(person).evaluateAll((all) => all.map((row) => row.dataset.song));
const toTheEnd = (person) => person.page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));

/** A short catalogue instead of the server's: what it hands out, five at a time. Resolves to how often it was asked. */
async function fewSongs(person, songs) {
  const asked = { times: 0, fails: false };
  await person.page.route('**/api/v1/songs/random**', (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
    asked.times += 1;
    if (asked.fails) return route.abort();
    const next = from + 5 < songs.length ? String(from + 5) : null;
    return route.fulfill({ json: { items: songs.slice(from, from + 5), next_cursor: next } });
  });
  return asked;
}

scenario(
  'songs come as one scrolls, none twice; what plays goes on into what comes; "+" keeps one in a new playlist and in one that is there',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const adas = await stage.person('Ada');
    await enter(adas, ada, '/playlists');
    await adas.page.getByRole('link', { name: 'Dig at random' }).click();
    await rows(adas).first().waitFor();
    await until('forty songs', async () => {
      await toTheEnd(adas);
      return rows(adas).count();
    }, (count) => count >= 40, 30_000);
    const seen = await identifiers(adas);
    assert.equal(new Set(seen).size, seen.length, 'none twice');

    await rows(adas).first().getByRole('button', { name: /^Play/ }).click();
    await bar(adas).waitFor();
    await rows(adas).first().getByRole('button', { name: /^Pause/ }).waitFor();
    const queued = () => adas.page.evaluate(() => import('/static/js/player/player.js').then(({ player }) => player.value.queue.length));
    const before = await queued();
    await toTheEnd(adas);
    await until('what comes is queued', queued, (count) => count > before);

    const name = await rows(adas).first().locator('b').innerText();
    await rows(adas).first().getByRole('button', { name: /to a playlist of yours$/ }).click();
    const sheet = adas.page.locator('dialog[open]');
    await sheet.getByText('You have no playlist yet.').waitFor();
    await sheet.getByRole('button', { name: 'Into a new playlist' }).click();
    await sheet.getByLabel('Title').fill('Dug up');
    await sheet.getByRole('button', { name: 'Make it and add' }).click();
    await adas.page.locator('.toast').getByText(`“${name}” is in “Dug up” now.`).waitFor();
    await rows(adas).nth(1).getByRole('button', { name: /to a playlist of yours$/ }).click();
    await sheet.getByRole('button', { name: 'Dug up' }).click();
    await sheet.waitFor({ state: 'detached' });
    const [list] = (await asks(server, ada, 'GET', '/me/playlists')).items;
    assert.equal(list.song_count, 2);

    // The way back finds the same songs, at the same place.
    await adas.page.goto('/friends');
    await adas.page.goto('/dig');
    await rows(adas).first().waitFor();
    const again = await identifiers(adas);
    await adas.page.getByRole('link', { name: 'Playlists' }).first().click();
    await adas.page.getByRole('heading', { level: 1, name: 'Playlists' }).waitFor();
    await adas.page.goBack();
    await rows(adas).first().waitFor();
    assert.deepEqual((await identifiers(adas)).slice(0, again.length), again);
  },
  { env: DEVELOPMENT },
);

scenario(
  'digging ends when nothing is left, begins again, goes on by the keyboard alone, and says when songs cannot be had',
  async (stage) => {
    const gus = await stage.person('Gus', { before: [() => delete globalThis.IntersectionObserver] });
    const songs = Array.from({ length: 12 }, (_, nth) => ({
      id: `song-${nth}`,
      title: { ko: `노래 ${nth}`, en: `Song ${nth}` },
      artist: { ko: '가수', en: 'Singer' },
      genre: 'pop',
      decade: 2010,
      moods: nth % 2 ? ['happiness'] : [],
      source: 'catalog',
      preview: { tempo: 120, pitch: 4, minor: false, energy: 0.7, valence: 0.8, genre: 'pop', seed: nth, seconds: 60 },
    }));
    const asked = await fewSongs(gus, songs);
    await gus.page.goto('/dig');
    await until('the first five', () => rows(gus).count(), (count) => count === 5);
    const more = gus.button('Show more');
    await more.focus();
    await gus.page.keyboard.press('Enter');
    await until('five more', () => rows(gus).count(), (count) => count === 10);
    asked.fails = true;
    await more.click();
    await gus.page.getByRole('alert').getByText('The server cannot be reached.').waitFor();
    asked.fails = false;
    await gus.button('Try again').click();
    await until('the rest', () => rows(gus).count(), (count) => count === 12);
    await gus.page.getByText('That was every song there is.').waitFor();
    assert.equal(asked.times, 4);
    await gus.button('Dig again').click();
    await until('the first five again', () => rows(gus).count(), (count) => count === 5);
    await gus.button('Add “Song 0” to a playlist of yours').click();
    await gus.page.getByLabel('E-mail or handle').waitFor();
    assert.match(gus.page.url(), /next=%2Fdig/);
  },
  { env: DEVELOPMENT, complaints: [/Failed to load resource/] },
);

for (const colorScheme of ['light', 'dark']) {
  scenario(
    `digging is fit for everybody, ${colorScheme}`,
    async (stage) => {
      const gus = await stage.person('Gus', { viewport: PHONE, context: { colorScheme, reducedMotion: 'reduce', locale: 'ko-KR' } });
      await fewSongs(gus, []);
      await gus.page.goto('/dig');
      await gus.page.getByText('아직 노래가 없어요.').waitFor();
      await isFit(gus, `nothing to dig, ${colorScheme}`);
      await gus.page.unroute('**/api/v1/songs/random**');
      await gus.page.reload();
      await rows(gus).first().waitFor();
      await isFit(gus, `digging, ${colorScheme}`);
      await fitsTheWidth(gus, 'digging');
    },
    { env: DEVELOPMENT },
  );
}
