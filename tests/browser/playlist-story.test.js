// The whole way of a playlist, in two browsers: made of a mood, shown to everybody, heard, liked, talked about, put in another order.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { titlesOf } from './harness/playlists.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name, exact: true });
const bar = (person) => person.page.getByRole('region', { name: 'Player' });
const inPlayer = (person, what) => person.page.evaluate(`import('/static/js/player/player.js').then(({ player }) => player.${what})`);
const position = (person) => inPlayer(person, 'position');
const rows = (person) => person.page.locator('mc-track-list .song b').allInnerTexts();

/** Hears the first song of the playlist that is shown, moves in it, goes on to the next, makes it quieter. */
async function hear(person, titles) {
  await person.button('Play all').click();
  await bar(person).getByText(titles[0]).waitFor();
  const begun = await until('it sounds', () => position(person), (at) => at > 0.2);
  await until('it goes on', () => position(person), (at) => at > begun + 0.5);
  const seek = bar(person).getByRole('slider', { name: 'Position in the song' });
  await seek.fill('20');
  await until('it is at 20 s', () => position(person), (at) => at >= 19.9 && at < 24);
  await bar(person).getByRole('button', { name: 'Next song' }).click();
  await bar(person).getByText(titles[1]).waitFor();
  await until('the next one, from its beginning', () => position(person), (at) => at > 0.2 && at < 10);
  await person.page.locator('mc-track-list .song[aria-current="true"]').getByText(titles[1]).waitFor();
  await bar(person).getByRole('slider', { name: 'Volume' }).fill('25');
  await until('it is quieter', () => inPlayer(person, 'value.volume'), (volume) => volume === 0.25);
}

scenario(
  'a playlist is made of a mood, heard by two, liked, talked about and put in another order',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    const adas = await stage.person('Ada', { browser: await stage.browser() });
    const bens = await stage.person('Ben', { browser: await stage.browser() });
    await enter(adas, ada, '/playlists/new');
    await enter(bens, ben, '/playlists?show=new');
    await adas.page.getByLabel('How do you feel right now?').fill('rain on the window, and nowhere to go');
    for (const [name, next] of [['Next', 'What kind of music?'], ['Next', 'From which years?']]) {
      await adas.button(name).click();
      await heading(adas, next).waitFor();
    }
    await adas.button('Make it').click();
    await adas.page.getByText('Here is your playlist').waitFor();
    await adas.page.getByRole('switch').click();
    const [made] = (await asks(server, ada, 'GET', '/me/playlists')).items;
    await until('everybody sees it', async () => (await asks(server, ada, 'GET', `/playlists/${made.id}`)).is_public, Boolean);
    await adas.page.getByRole('link', { name: 'OK, keep it' }).click();
    await heading(adas, made.title).waitFor();
    const titles = await titlesOf(server, ada, made.id);
    assert.deepEqual(await until('its songs', () => rows(adas), ({ length }) => length === titles.length), titles);
    await hear(adas, titles);

    await bens.page.reload();
    await bens.page.getByRole('link', { name: made.title }).click();
    await heading(bens, made.title).waitFor();
    await bens.page.locator('.playlist-head .cover img').evaluate((image) => image.decode());
    await hear(bens, titles);
    await bens.page.locator('.playlist-bar').getByRole('button', { name: /^Like/ }).click();
    await adas.page.locator('.toast').getByText('Ben likes your playlist.').waitFor();
    await bens.page.getByLabel('Your comment', { exact: true }).fill('The second one!');
    await bens.button('Comment').click();
    await adas.page.locator('.toast').getByText('Ben commented on your playlist.').click();
    await adas.page.locator('mc-comment').getByText('The second one!').waitFor();

    await adas.button('More about this playlist').click();
    await adas.page.locator('.menu:popover-open').getByText('Edit', { exact: true }).click();
    const [first, second, ...others] = titles;
    await adas.button(`Move “${second}” up`).focus();
    await adas.page.keyboard.press('Enter');
    const order = [second, first, ...others];
    await until('the server has that order', () => titlesOf(server, ben, made.id), (now) => now.join('|') === order.join('|'));
    await adas.page.getByRole('link', { name: 'Back to the playlist' }).click();
    await until('Ada sees it so', () => rows(adas), (now) => now.join('|') === order.join('|'));
    await bens.page.reload();
    await until('Ben too', () => rows(bens), (now) => now.join('|') === order.join('|'));
    const now = await asks(server, ben, 'GET', `/playlists/${made.id}`);
    assert.deepEqual([now.like_count, now.comment_count, now.liked, now.song_count], [1, 1, true, titles.length]);
  },
  { env: DEVELOPMENT, timeout: 180_000 },
);
