// A playlist among people: liked, kept, talked about, shown on a profile and in a post; and one that only its owner sees.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { playlist } from './harness/playlists.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name, exact: true });
const field = (person, name) => person.page.getByLabel(name, { exact: true });
const mark = (person, name) => person.page.locator('.playlist-bar').getByRole('button', { name: new RegExp(`^${name}`) });
const names = (person) => person.page.locator('.playlist-name').allInnerTexts();
const dialog = (person) => person.page.locator('dialog[open]');

scenario(
  'a playlist is liked, bookmarked and talked about, and its owner hears of it',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    const made = await playlist(server, ada, { title: 'Rain on the window', description: 'For the last bus home. '.repeat(5).trim(), tags: ['rain'] });
    const [adas, bens] = [await stage.person('Ada'), await stage.person('Ben', { allow: ['clipboard-read', 'clipboard-write'] })];
    await enter(adas, ada, '/');
    await enter(bens, ben, '/');
    await bens.page.locator('.shelf').filter({ hasText: 'New' }).getByRole('link', { name: /Rain on the window/ }).click();
    await heading(bens, 'Rain on the window').waitFor();
    await bens.page.getByText('Public', { exact: true }).waitFor();
    await bens.button('More').click();
    await bens.button('Less').waitFor();
    await mark(bens, 'Like').click();
    await mark(bens, 'Bookmark').click();
    await adas.page.locator('.toast').getByText('Ben likes your playlist.').click();
    await heading(adas, 'Rain on the window').waitFor();
    await until('one like', () => mark(adas, 'Like').innerText(), (text) => text.includes('1'));
    await mark(bens, 'Copy the link').click();
    await bens.page.locator('.toast').getByText('The link is copied.').waitFor();
    assert.equal(await bens.page.evaluate(() => navigator.clipboard.readText()), `${server.url}/playlists/${made.id}`);

    await field(bens, 'Your comment').fill('세 번째 곡이 좋다');
    await bens.page.keyboard.press('Control+Enter');
    await bens.page.locator('.comments').getByText('세 번째 곡이 좋다').waitFor();
    await adas.page.locator('.toast').getByText('Ben commented on your playlist.').waitFor();
    await adas.page.reload();
    await adas.button('Reply Ben').click();
    await field(adas, 'Reply to Ben').fill('고마워');
    await adas.button('Reply').click();
    await adas.page.locator('.replies').getByText('고마워').waitFor();

    await bens.page.goto('/playlists?show=liked');
    await until('among the liked', () => names(bens), (found) => found.join() === 'Rain on the window');
    await bens.page.goto('/playlists?show=bookmarked');
    await until('among the bookmarked', () => names(bens), (found) => found.join() === 'Rain on the window');
    await bens.page.goto(`/playlists/${made.id}`);
    await bens.button('More about this playlist').click();
    await bens.page.locator('.menu:popover-open').getByText('Report').click();
    await dialog(bens).getByLabel('Spam or a swindle').check();
    await dialog(bens).getByRole('button', { name: 'Send the report' }).click();
    await bens.page.locator('.toast').getByText('Thank you. The staff will look at it.').waitFor();
    const now = await asks(server, ada, 'GET', `/playlists/${made.id}`);
    assert.deepEqual([now.like_count, now.comment_count], [1, 2]);
  },
  { env: DEVELOPMENT },
);

scenario(
  'a private playlist is there for its owner and nowhere for others',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    const secret = await playlist(server, ada, { title: 'Nobody but me', is_public: false });
    await playlist(server, ada, { title: 'For everybody' });
    const [adas, bens] = [await stage.person('Ada'), await stage.person('Ben')];
    await enter(adas, ada, '/playlists?show=mine');
    await until('both are hers', () => names(adas), (found) => found.join() === 'For everybody,Nobody but me');
    await adas.page.getByRole('link', { name: /Nobody but me/ }).click();
    await adas.page.getByText('Only me', { exact: true }).waitFor();
    await enter(bens, ben, `/playlists/${secret.id}`);
    await heading(bens, 'This playlist is not here').waitFor();
    await bens.page.goto(`/playlists/${secret.id}/edit`);
    await heading(bens, 'This playlist is not here').waitFor();
    for (const address of ['/playlists', '/playlists?show=new', '/people/ada', '/people/ada/playlists', '/search?in=playlists&q=me', '/']) {
      await bens.page.goto(address);
      await bens.page.getByRole('heading', { level: 1 }).first().waitFor();
      await bens.page.waitForFunction(() => !document.querySelector('.spinner'));
      assert.equal(await bens.page.getByText('Nobody but me').count(), 0, address);
    }
    await bens.page.goto('/people/ada');
    await until('the public one', () => names(bens), (found) => found.join() === 'For everybody');
  },
  { env: DEVELOPMENT, complaints: [/Failed to load resource/] },
);

scenario(
  'a playlist stands on a profile and in a post',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    await playlist(server, ada, { title: 'Nobody but me', is_public: false });
    await playlist(server, ada, { title: 'Morning run' });
    const [adas, bens] = [await stage.person('Ada'), await stage.person('Ben')];
    await enter(adas, ada, '/settings/profile');
    const section = adas.page.getByRole('region', { name: 'Playlist' });
    await section.getByRole('button', { name: 'Choose a playlist' }).click();
    assert.equal(await dialog(adas).getByRole('button', { name: /Nobody but me/ }).isDisabled(), true);
    await dialog(adas).getByRole('button', { name: /Morning run/ }).click();
    await section.getByText('Morning run').waitFor();

    await adas.page.goto('/posts/new');
    await field(adas, 'Title').fill('Out again');
    await field(adas, 'Text').fill('Six kilometers.');
    await adas.button('Choose a playlist').click();
    await dialog(adas).getByRole('button', { name: /Morning run/ }).click();
    await adas.page.getByText('Draft kept in this browser').waitFor();
    await adas.page.reload();
    await adas.page.locator('.chosen-list').getByText('Morning run').waitFor();
    await adas.button('Post').click();
    await heading(adas, 'Out again').waitFor();
    const { items } = await asks(server, ada, 'GET', '/users/ada/posts');
    assert.equal(items[0].playlist.title, 'Morning run');

    await enter(bens, ben, '/people/ada');
    await bens.page.locator('.playlist-link').getByText('Morning run').click();
    await heading(bens, 'Morning run').waitFor();
    await bens.page.goto(`/posts/${items[0].id}`);
    await bens.page.locator('.playlist-link').click();
    await heading(bens, 'Morning run').waitFor();
  },
  { env: DEVELOPMENT },
);
