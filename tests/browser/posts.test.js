// A post from the first word to the last comment: written, read, liked, changed, deleted and brought back.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { befriend } from './harness/friends.js';
import { picture } from './harness/pictures.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name, exact: true });
const field = (person, name) => person.page.getByLabel(name, { exact: true });
const mark = (person, name) => person.page.getByRole('button', { name: new RegExp(`^${name}`) }).first();
const comments = (person) => person.page.locator('.comments > .rows > li');
const dialog = (person) => person.page.locator('dialog[open]');

/** Somebody's menu about a thing, and what is chosen there. */
async function choose(person, label, choice) {
  await person.button(label).click();
  await person.page.locator('.menu:popover-open').getByText(choice, { exact: true }).click();
}

scenario(
  'a post with pictures is written, found in the feed, liked, bookmarked and talked about',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    await asks(server, ben, 'POST', '/posts', { title: 'Drizzle', body: '…', tags: ['rainbow'] });
    const [adas, bens] = [await stage.person('Ada'), await stage.person('Ben')];
    await enter(adas, ada, '/posts/new');
    await adas.button('Post').click();
    await until('the title is wanted', () => field(adas, 'Title').getAttribute('aria-invalid'), (invalid) => invalid === 'true');
    const files = adas.page.locator('mc-picture-field input[type=file]');
    await files.setInputFiles([await picture(adas.page), await picture(adas.page, { name: 'second.jpg', color: '#4c78c8', width: 300, height: 400, type: 'image/jpeg' })]);
    await adas.page.locator('.picked').nth(1).getByLabel('What picture 2 shows').fill('Blue, as rain is');
    await adas.button('Move picture 2 forward').click();
    await adas.page.locator('.picked').first().getByLabel('What picture 1 shows').waitFor();
    await field(adas, 'Title').fill('비 오는 창가');
    await field(adas, 'Text').fill('Three hours of it.\nNobody wanted to hang up.');
    const tags = field(adas, 'Tags');
    await tags.fill('rainb');
    await adas.page.getByRole('option', { name: '#rainbow' }).waitFor();
    await tags.press('ArrowDown');
    await tags.press('Enter');
    await tags.pressSequentially('비오는날,');
    assert.deepEqual(await adas.page.locator('.chosen-tags .chip > span:first-child').allInnerTexts(), ['#rainbow', '#비오는날']);
    await adas.page.getByLabel('Happiness').check();
    await adas.button('Post').click();
    await heading(adas, '비 오는 창가').waitFor();
    assert.equal(await adas.page.locator('.post-figure img').first().getAttribute('alt'), 'Blue, as rain is');
    await adas.page.locator('.post-figure img').nth(1).evaluate((image) => image.decode());

    await enter(bens, ben, '/');
    const card = bens.page.locator('.post-card').filter({ hasText: '비 오는 창가' });
    assert.equal(await card.getAttribute('data-aura'), 'happiness');
    await card.getByRole('button', { name: 'Like' }).click();
    await card.locator('.mark[aria-pressed="true"]').waitFor();
    await adas.page.locator('.toast').getByText('Ben likes your post.').click();
    await card.getByRole('link', { name: '비 오는 창가', exact: true }).click();
    await heading(bens, '비 오는 창가').waitFor();
    assert.equal(await mark(bens, 'Like').getAttribute('aria-pressed'), 'true');
    await mark(bens, 'Bookmark').click();

    await field(bens, 'Your comment').fill('두 번째 사진이 좋다');
    await bens.page.keyboard.press('Control+Enter');
    await comments(bens).getByText('두 번째 사진이 좋다').waitFor();
    await adas.page.locator('.toast').getByText('Ben commented on your post.').waitFor();
    await adas.page.reload();
    await adas.button('Reply Ben').click();
    await field(adas, 'Reply to Ben').fill('고마워');
    await adas.button('Reply').click();
    await adas.page.locator('.replies').getByText('고마워').waitFor();
    await bens.page.goBack();
    await until('the feed remembers', () => card.locator('.mark').first().getAttribute('aria-pressed'), (pressed) => pressed === 'true');
    await bens.page.goto('/bookmarks');
    await bens.page.locator('.post-card').filter({ hasText: '비 오는 창가' }).waitFor();
    const { items } = await asks(server, ada, 'GET', '/users/ada/posts');
    assert.deepEqual(items[0].counts.comments, 2);
    assert.equal(items[0].counts.likes, 1);
  },
  { env: DEVELOPMENT },
);

scenario(
  'a comment is changed, deleted, brought back, and leaves its place to its replies',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    const post = await asks(server, ada, 'POST', '/posts', { title: 'Tea at five', body: 'Bring a mug.' });
    const said = await asks(server, ben, 'POST', `/posts/${post.id}/comments`, { body: 'I bring two.' });
    await asks(server, ada, 'POST', `/posts/${post.id}/comments`, { body: 'Good.', parent_id: said.id });
    const bens = await stage.person('Ben');
    await enter(bens, ben, `/posts/${post.id}`);
    await choose(bens, 'More about what Ben said', 'Edit comment');
    await field(bens, 'Edit comment').fill('I bring three.');
    await bens.button('Save').click();
    await comments(bens).getByText('I bring three.').waitFor();
    await comments(bens).getByText('edited').waitFor();

    await choose(bens, 'More about what Ben said', 'Delete comment');
    await comments(bens).getByText('The comment is deleted.').waitFor();
    await bens.button('Undo').click();
    await comments(bens).getByText('I bring three.').waitFor();
    assert.equal((await asks(server, ben, 'GET', `/posts/${post.id}/comments`)).items[0].deleted, false);

    await choose(bens, 'More about what Ben said', 'Delete comment');
    // Whoever leaves the page has not changed their mind.
    await bens.page.goto('/friends');
    await until('it is deleted', async () => (await asks(server, ben, 'GET', `/posts/${post.id}/comments`)).items[0].deleted, Boolean);
    await bens.page.goto(`/posts/${post.id}#comments`);
    await comments(bens).getByText('This comment was deleted.').waitFor();
    await bens.button('Show one reply').click();
    await bens.page.locator('.replies').getByText('Good.').waitFor();
    await choose(bens, 'More about what Ada said', 'Report');
    await dialog(bens).getByLabel('Spam or a swindle').check();
    await dialog(bens).getByRole('button', { name: 'Send the report' }).click();
    await bens.page.locator('.toast').getByText('Thank you. The staff will look at it.').waitFor();
  },
  { env: DEVELOPMENT },
);

scenario(
  'what is typed is kept over a reload, and over a change that somebody made meanwhile',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const adas = await stage.person('Ada');
    await enter(adas, ada, '/posts/new?tag=Tea');
    await field(adas, 'Title').fill('Tea at five');
    await field(adas, 'Text').fill('Bring a mug.');
    await adas.page.locator('mc-picture-field input[type=file]').setInputFiles(await picture(adas.page));
    await field(adas, 'What picture 1 shows').waitFor();
    await adas.page.getByText('Draft kept in this browser').waitFor();
    await adas.page.reload();
    await field(adas, 'What picture 1 shows').waitFor();
    assert.equal(await field(adas, 'Title').inputValue(), 'Tea at five');
    assert.equal(await field(adas, 'Text').inputValue(), 'Bring a mug.');
    await adas.page.getByText('#tea').waitFor();
    await adas.button('Post').click();
    await heading(adas, 'Tea at five').waitFor();
    const { items } = await asks(server, ada, 'GET', '/users/ada/posts');
    assert.equal(items.length, 1);
    await adas.page.goto('/posts/new');
    assert.equal(await field(adas, 'Title').inputValue(), '', 'the draft is gone');

    await adas.page.goto(`/posts/${items[0].id}/edit`);
    await field(adas, 'Text').fill('Bring two mugs.');
    await elsewhere(server, ada, items[0], { title: 'Tea at six', body: 'Bring a spoon.' });
    await adas.button('Save').click();
    const conflict = adas.page.locator('.conflict');
    await conflict.getByText('This post has changed in the meantime').waitFor();
    await conflict.getByText('Bring a spoon.').waitFor();
    assert.equal(await field(adas, 'Text').inputValue(), 'Bring two mugs.', 'nothing that was typed is lost');
    assert.equal(await field(adas, 'Title').inputValue(), 'Tea at six', 'what was not touched is as it is there');
    await adas.page.reload();
    await adas.page.getByText('These are changes that you began earlier').waitFor();
    assert.equal(await field(adas, 'Text').inputValue(), 'Bring two mugs.');
    // What changes while nobody looks is shown as well.
    const seen = await asks(server, ada, 'GET', `/posts/${items[0].id}`);
    await elsewhere(server, ada, seen, { title: 'Tea at seven', body: 'Bring a fork.' });
    await adas.page.reload();
    await conflict.getByText('Bring a fork.').waitFor();
    assert.equal(await field(adas, 'Text').inputValue(), 'Bring two mugs.');
    await adas.button('Save').click();
    await heading(adas, 'Tea at seven').waitFor();
    await adas.page.getByText('Bring two mugs.').waitFor();
    await adas.page.getByText('edited').waitFor();
  },
  { env: DEVELOPMENT, complaints: [/412/] },
);

/** Changes a post as another device would. */
async function elsewhere(server, { token }, { id, version }, changes) {
  const response = await fetch(`${server.url}/api/v1/posts/${id}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'if-match': `"v${version}"` },
    body: JSON.stringify(changes),
  });
  assert.equal(response.status, 200, await response.text());
}

scenario(
  'a post is deleted and brought back; whoever may not see it sees nothing',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await befriend(server, 'ada', 'ben');
    const cleo = await account(server, 'cleo');
    const post = await asks(server, ada, 'POST', '/posts', { title: 'Among friends', body: 'Only us.', visibility: 'friends' });
    const [adas, bens, cleos] = [await stage.person('Ada'), await stage.person('Ben'), await stage.person('Cleo')];
    await enter(adas, ada, '/people/ada');
    await enter(bens, ben, `/posts/${post.id}`);
    await heading(bens, 'Among friends').waitFor();
    await enter(cleos, cleo, `/posts/${post.id}`);
    await heading(cleos, 'This post is not here').waitFor();

    await adas.page.getByRole('link', { name: 'Among friends', exact: true }).click();
    await heading(adas, 'Among friends').waitFor();
    await choose(adas, 'More about this post', 'Delete');
    // Back where one came from, and the list knows.
    await heading(adas, 'Ada').waitFor();
    await adas.page.getByText('You have not shared anything yet.').waitFor();
    await bens.page.reload();
    await heading(bens, 'This post is not here').waitFor();
    await adas.button('Undo').click();
    await heading(adas, 'Among friends').waitFor();
    await bens.page.reload();
    await heading(bens, 'Among friends').waitFor();
  },
  { env: DEVELOPMENT, complaints: [/Failed to load resource/] },
);
