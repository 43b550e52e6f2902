// A playlist is changed: its order by the keyboard and by dragging, its songs, its words, its cover.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { picture } from './harness/pictures.js';
import { playlist, titlesOf } from './harness/playlists.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name, exact: true });
const field = (person, name) => person.page.getByLabel(name, { exact: true });
const shown = (person) => person.page.locator('.ordering .song b').allInnerTexts();

/** The order on the page is the order on the server. */
async function agree(person, server, who, id, order) {
  assert.deepEqual(await shown(person), order);
  await until('the server has that order', () => titlesOf(server, who, id), (titles) => titles.join('|') === order.join('|'));
}

scenario(
  'songs are moved by the keyboard and by dragging, taken out and put back',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const { id } = await playlist(server, ada, { songs: 4 });
    const [a, b, c, d] = await titlesOf(server, ada, id);
    const adas = await stage.person('Ada', { viewport: { width: 960, height: 900 } });
    await enter(adas, ada, `/playlists/${id}/edit`);
    await adas.button(`Move “${a}” down`).focus();
    await adas.page.keyboard.press('Enter');
    await agree(adas, server, ada, id, [b, a, c, d]);
    // The focus goes with the song, so that pressing on moves it on.
    await adas.page.keyboard.press('Enter');
    await adas.page.keyboard.press('Enter');
    await agree(adas, server, ada, id, [b, c, d, a]);
    await adas.page.locator('[aria-live]').getByText(`“${a}” is number 4 of 4 now`).first().waitFor({ state: 'attached' });
    assert.equal(await adas.page.evaluate(() => document.activeElement?.getAttribute('aria-label')), `Move “${a}” up`);

    await drag(adas.page, a, b);
    await agree(adas, server, ada, id, [a, b, c, d]);
    const handle = await row(adas.page, d).locator('.song-handle').boundingBox();
    await adas.page.mouse.move(handle.x + 10, handle.y + 10);
    await adas.page.mouse.down();
    await adas.page.mouse.move(handle.x + 10, handle.y - 150, { steps: 8 });
    await until('it is seen at another place', () => shown(adas), (titles) => titles[3] !== d);
    await adas.page.keyboard.press('Escape');
    await adas.page.mouse.up();
    await agree(adas, server, ada, id, [a, b, c, d]);

    await adas.button(`Remove “${b}”`).click();
    await agree(adas, server, ada, id, [a, c, d]);
    await adas.button('Undo').click();
    await until('it is back', () => shown(adas), (titles) => titles.length === 4);
    await agree(adas, server, ada, id, [a, b, c, d]);
  },
  { env: DEVELOPMENT },
);

const row = (page, title) => page.locator('.ordering .song').filter({ hasText: title });

/** Drags a song to the place of another. */
async function drag(page, from, to) {
  const [start, end] = [await row(page, from).locator('.song-handle').boundingBox(), await row(page, to).locator('.song-handle').boundingBox()];
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x + end.width / 2, end.y + 4, { steps: 12 });
  await page.mouse.up();
}

/** Ada has changed the description of a playlist, and not saved it. */
async function begun(stage) {
  const ada = await account(stage.server, 'ada');
  const made = await playlist(stage.server, ada, { title: 'Tea at five', description: 'Bring a mug.', songs: 2 });
  const adas = await stage.person('Ada');
  await enter(adas, ada, `/playlists/${made.id}/edit`);
  await field(adas, 'Description').fill('Bring two mugs.');
  return { ada, adas, made };
}

scenario(
  'words change only what they name, and what somebody else wrote meanwhile is shown before it goes',
  async (stage) => {
    const { server } = stage;
    const { ada, adas, made } = await begun(stage);
    // One's own moves are no news to oneself.
    const [first] = await titlesOf(server, ada, made.id);
    const read = adas.page.waitForResponse((answer) => answer.request().method() === 'GET' && answer.url().endsWith(made.id));
    await adas.button(`Move “${first}” down`).click();
    await until('it is moved', () => titlesOf(server, ada, made.id), (titles) => titles[1] === first);
    await (await read).finished();
    await asks(server, ada, 'PATCH', `/playlists/${made.id}`, { title: 'Tea at six', description: 'Bring a spoon.' });
    await adas.button('Save').click();
    const conflict = adas.page.locator('.conflict');
    await conflict.getByText('This playlist has changed in the meantime').waitFor();
    await conflict.getByText('Bring a spoon.').waitFor();
    assert.equal(await field(adas, 'Description').inputValue(), 'Bring two mugs.', 'nothing that was typed is lost');
    assert.equal(await field(adas, 'Title').inputValue(), 'Tea at six', 'what was not touched is as it is there');
    // What changes while nobody looks is shown as well.
    await asks(server, ada, 'PATCH', `/playlists/${made.id}`, { title: 'Tea at seven', description: 'Bring a fork.' });
    await adas.page.reload();
    await conflict.getByText('Bring a fork.').waitFor();
    assert.equal(await field(adas, 'Description').inputValue(), 'Bring two mugs.', 'over a reload neither');
    await adas.page.getByLabel('Genre').selectOption('Indie');
    await adas.button('Save').click();
    await heading(adas, 'Tea at seven').waitFor();
    const now = await asks(server, ada, 'GET', `/playlists/${made.id}`);
    assert.deepEqual([now.title, now.description, now.genre, now.is_public, now.song_count], ['Tea at seven', 'Bring two mugs.', 'indie', true, 2]);
  },
  { env: DEVELOPMENT, complaints: [/412/] },
);

scenario(
  'a cover is uploaded and drawn again; a playlist is deleted and brought back',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const made = await playlist(server, ada, { title: 'Tea at five' });
    const adas = await stage.person('Ada');
    const cover = () => asks(server, ada, 'GET', `/playlists/${made.id}`).then((now) => now.cover);
    assert.equal((await cover()).kind, 'drawn', 'it has one from its birth');
    await enter(adas, ada, `/playlists/${made.id}/edit`);
    await adas.page.locator('mc-cover-field input[type=file]').setInputFiles(await picture(adas.page));
    await until('the picture is there', cover, ({ kind }) => kind === 'uploaded');
    await adas.page.locator('mc-cover-field .cover img').evaluate((image) => image.decode());
    await adas.button('Draw a new one').click();
    await until('another is drawn', cover, ({ kind }) => kind === 'drawn');

    await adas.page.getByRole('link', { name: 'Back to the playlist' }).click();
    await heading(adas, 'Tea at five').waitFor();
    await adas.page.getByText('The cover was drawn by a program').waitFor();
    await adas.button('More about this playlist').click();
    await adas.page.locator('.menu:popover-open').getByText('Delete', { exact: true }).click();
    await adas.page.locator('.toast').getByText('The playlist is deleted.').waitFor();
    assert.equal((await asks(server, ada, 'GET', '/me/playlists')).items.length, 0);
    await adas.button('Undo').click();
    await heading(adas, 'Tea at five').waitFor();
    assert.equal((await asks(server, ada, 'GET', '/me/playlists')).items.length, 1);
  },
  { env: DEVELOPMENT, complaints: [/Failed to load resource/] },
);

scenario(
  'what somebody else wrote is shown also when the page reads it before the button is pressed',
  async (stage) => {
    const { server } = stage;
    const { ada, adas, made } = await begun(stage);
    await asks(server, ada, 'PATCH', `/playlists/${made.id}`, { title: 'Tea at six', description: 'Bring a spoon.' });
    const [first] = await titlesOf(server, ada, made.id);
    // A move of one's own makes the page read the playlist again.
    await adas.button(`Move “${first}” down`).click();
    const conflict = adas.page.locator('.conflict');
    await conflict.getByText('Bring a spoon.').waitFor();
    await adas.button('Save').click();
    await adas.page.locator('#conflict:focus').waitFor();
    assert.equal((await asks(server, ada, 'GET', `/playlists/${made.id}`)).description, 'Bring a spoon.', 'not undone by a press that came too early');
    await conflict.getByRole('button', { name: 'Go on with mine' }).click();
    await conflict.waitFor({ state: 'detached' });
    await adas.button('Save').click();
    await heading(adas, 'Tea at six').waitFor();
    assert.equal((await asks(server, ada, 'GET', `/playlists/${made.id}`)).description, 'Bring two mugs.');
  },
  { env: DEVELOPMENT, complaints: [/412/] },
);
