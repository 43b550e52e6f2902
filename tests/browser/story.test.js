// The whole way: a friend is called, a mood is shared, a picture is kept, shown to everybody when both agree, and talked about.

import assert from 'node:assert/strict';

import { DEVELOPMENT, asks, enter } from './harness/accounts.js';
import { clip } from './harness/clips.js';
import { befriend } from './harness/friends.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const ring = (page) => page.locator('dialog.ring[open]');
/** The face is read on a processor that two browsers want as well. */
const MOOD_MS = 60_000;

scenario(
  'from ringing a friend over a mood and a picture to a post and what is said about it',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await befriend(server, 'ada', 'ben');
    const adas = await stage.person('Ada', { browser: await stage.browser({ camera: await clip('face') }) });
    const bens = await stage.person('Ben', { browser: await stage.browser() });
    await enter(adas, ada, '/friends');
    await enter(bens, ben);
    await until('Ben listens', () => bens.heard.some(({ type }) => type === 'listening'), Boolean);

    await adas.button('Call Ben').click();
    await ring(bens.page).getByRole('button', { name: 'Accept with camera', exact: true }).click();
    await Promise.all([adas.sees('Ben'), bens.sees('Ada')]);

    await adas.choose('Follow my mood');
    await bens.told("Ada's mood", (message) => message.type === 'mood' && message.mood !== null, MOOD_MS);
    await until("Ada's badge", () => bens.moodOf('Ada'), Boolean);
    await adas.button('Close').click();

    await adas.button('Take a still').click();
    const still = adas.page.locator('.tray .still');
    await still.locator('img').waitFor();
    const [editor] = await Promise.all([adas.context.waitForEvent('page'), still.getByRole('link', { name: 'Post' }).click()]);
    const sitters = editor.locator('.picked .still-people');
    await sitters.locator('li').filter({ hasText: 'Ben' }).getByText('has not answered yet').waitFor();
    await editor.getByLabel('Title', { exact: true }).fill('The two of us');
    await editor.getByLabel('Surprise').check();
    await editor.getByRole('button', { name: 'Post', exact: true }).click();
    await editor.getByRole('alert').getByText('has not agreed').waitFor();
    assert.equal(await adas.ownTile().count(), 1, 'the call goes on beside it');

    const asked = await bens.context.newPage();
    await asked.goto('/gallery?show=asked');
    await asked.getByRole('button', { name: 'It may be shown' }).click();
    await editor.locator('.picked').getByText('Everybody in it agrees that it is shown.').waitFor();
    await editor.getByRole('button', { name: 'Post', exact: true }).click();
    await editor.getByRole('heading', { level: 1, name: 'The two of us' }).waitFor();
    await editor.locator('.post-figure img').evaluate((image) => image.decode());

    await adas.button('Leave').click();
    await bens.page.locator('[data-code="hung-up"]').waitFor();
    await asked.goto('/');
    await asked.getByRole('link', { name: 'The two of us' }).first().click();
    await asked.getByLabel('Your comment').fill('한 번 더 찍자!');
    await asked.getByRole('button', { name: 'Comment', exact: true }).click();
    await asked.locator('mc-comment').getByText('한 번 더 찍자!').waitFor();
    await adas.page.goto('/notifications');
    await adas.page.locator('main').getByText('Ben commented').click();
    await adas.page.locator('mc-comment').getByText('한 번 더 찍자!').waitFor();
    const [post] = (await asks(server, ben, 'GET', '/users/ada/posts')).items;
    assert.equal(post.mood, 'surprise');
    assert.equal(post.counts.comments, 1);
    assert.ok(post.pictures[0].from_call);
  },
  { env: DEVELOPMENT, timeout: 240_000, complaints: [/409/] },
);
