// Songs are found and put into playlists: from the search of the site, from another's playlist, and while one is changed.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { playlist, someSongs, titlesOf } from './harness/playlists.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name, exact: true });
const dialog = (person) => person.page.locator('dialog[open]');

scenario(
  'a song is found by its title and put into playlists; each says what became of it',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const [first, second] = await someSongs(server, ada, 2);
    const made = await playlist(server, ada, { title: 'Tea at five', songs: 1 });
    const adas = await stage.person('Ada');
    await enter(adas, ada, `/playlists/${made.id}/edit`);
    const seek = adas.page.getByRole('searchbox', { name: 'Title or artist' });
    await seek.fill(second.title.en);
    const found = adas.page.getByRole('list', { name: 'Songs found' });
    await found.getByRole('button', { name: `Add “${second.title.en}”` }).first().click();
    await found.getByText('Added', { exact: true }).first().waitFor();
    assert.deepEqual(await titlesOf(server, ada, made.id), [first.title.en, second.title.en]);
    await seek.fill(first.title.en);
    await found.getByText('Already in it').first().waitFor();
    await seek.fill('zzqqxx');
    await adas.page.getByText('No song found for “zzqqxx”.').waitFor();
    // In the other language, and by a part of a word.
    await seek.fill(second.title.ko.slice(0, 3));
    await found.getByText(second.title.en).waitFor();

    const searched = adas.page.waitForRequest(/\/api\/v1\/search\?.*types=songs/);
    await adas.page.goto(`/search?in=songs&q=${encodeURIComponent(first.title.en)}`);
    await searched;
    const add = adas.page.getByRole('button', { name: `Add “${first.title.en}” to a playlist of yours` }).first();
    await add.click();
    await dialog(adas).getByRole('button', { name: /Tea at five/ }).click();
    await dialog(adas).getByText(`“${first.title.en}” is in “Tea at five” already.`).waitFor();
    await dialog(adas).getByRole('button', { name: 'Into a new playlist' }).click();
    await dialog(adas).getByLabel('Title').fill('Another cup');
    await adas.page.keyboard.press('Enter');
    await adas.page.locator('.toast').getByText(`“${first.title.en}” is in “Another cup” now.`).click();
    await heading(adas, 'Another cup').waitFor();
    await adas.page.locator('.song').getByText(first.title.en).waitFor();
  },
  { env: DEVELOPMENT },
);

scenario(
  'playlists are found by their titles, and songs of others go into one’s own',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    const bens = await playlist(server, ben, { title: '비 오는 창가에서', songs: 3 });
    await playlist(server, ben, { title: '비밀 창가', songs: 1, is_public: false });
    const [first] = await titlesOf(server, ben, bens.id);
    const own = await playlist(server, ada, { title: 'Mine', songs: 0 });
    const adas = await stage.person('Ada');
    await enter(adas, ada, '/search?in=playlists&q=창가');
    await until('the public one alone', () => adas.page.locator('.playlist-name').allInnerTexts(), (names) => names.join() === '비 오는 창가에서');
    await adas.page.getByRole('link', { name: /비 오는 창가에서/ }).click();
    await heading(adas, '비 오는 창가에서').waitFor();
    await adas.button(`Add “${first}” to a playlist of yours`).click();
    await dialog(adas).getByRole('button', { name: /Mine/ }).click();
    await until('it is in there', () => titlesOf(server, ada, own.id), (titles) => titles.join() === first);
    assert.deepEqual((await asks(server, ada, 'GET', `/playlists/${own.id}`)).song_count, 1);
  },
  { env: DEVELOPMENT },
);

scenario(
  'a long playlist is shown twenty songs at a time, and plays them all',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const made = await playlist(server, ada, { songs: 43 });
    const titles = await titlesOf(server, ada, made.id);
    const adas = await stage.person('Ada', { viewport: { width: 960, height: 500 } });
    await enter(adas, ada, `/playlists/${made.id}`);
    const shown = () => adas.page.locator('mc-track-list .song b').allInnerTexts();
    await until('some', shown, ({ length }) => length >= 20);
    const all = await until('all of them', async () => {
      await adas.page.mouse.wheel(0, 2_000);
      return shown();
    }, ({ length }) => length === titles.length);
    assert.deepEqual(all, titles, 'each once, in order');
    await adas.page.locator('mc-track-list .song').nth(41).locator('.song-play').click();
    await adas.page.getByRole('region', { name: 'Player' }).getByText(titles[41]).waitFor();
  },
  { env: DEVELOPMENT },
);
