// A picture of a call lies in its taker's gallery, and is shown to others when everybody in it agrees.

import assert from 'node:assert/strict';

import { DEVELOPMENT, asks, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { befriend } from './harness/friends.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const cards = (person) => person.page.locator('.still-card');

/** Two in a call, and a picture of them that Ada takes. */
async function pictured(stage, settings = {}) {
  const { server } = stage;
  const [ada, ben] = await befriend(server, 'ada', 'ben');
  const { id } = await asks(server, ada, 'POST', '/rooms', { title: 'Tea at five', visibility: 'friends' });
  const [adas, bens] = [await stage.person('Ada', settings), await stage.person('Ben', settings)];
  await enter(adas, ada, `/room/${id}`);
  await adas.button('Join').click();
  await adas.ownTile().waitFor();
  await enter(bens, ben, `/room/${id}`);
  await bens.button('Join').click();
  await Promise.all([adas.sees('Ben'), bens.sees('Ada')]);
  await adas.button('Take a still').click();
  await adas.page.locator('.still img').waitFor();
  await until('it is in the gallery', async () => (await asks(server, ada, 'GET', '/me/stills')).items.length, (count) => count === 1);
  return { ada, ben, adas, bens };
}

scenario(
  'who is in a picture is asked, it is posted when they agree, hidden when they take that back, and deleted with an undo',
  async (stage) => {
    const { server } = stage;
    const { ada, adas, bens } = await pictured(stage);
    await adas.page.goto('/gallery');
    await cards(adas).getByText('Ben has not said yet whether this may be shown.').waitFor();
    assert.equal(await cards(adas).getByRole('button', { name: 'Post' }).count(), 0);
    await adas.page.goto('/posts/new');
    await adas.button('From your calls').click();
    assert.ok(await adas.page.locator('.still-pick').isDisabled(), 'not before Ben agrees');
    await adas.page.keyboard.press('Escape');

    await bens.page.goto('/notifications');
    await bens.page.locator('main').getByText('Ada took a picture with you in it.').click();
    await cards(bens).getByRole('button', { name: 'It may be shown' }).click();
    await cards(bens).getByText('You agreed that it may be shown.').waitFor();

    await adas.page.goto('/gallery');
    await cards(adas).locator('img').first().evaluate((image) => image.decode());
    await cards(adas).getByRole('button', { name: 'Post' }).click();
    await adas.page.locator('.picked img').waitFor();
    await adas.page.getByLabel('Title', { exact: true }).fill('The two of us');
    await adas.button('Post').click();
    await adas.page.getByRole('heading', { level: 1, name: 'The two of us' }).waitFor();
    await adas.page.getByText('From a call').waitFor();
    const [post] = (await asks(server, ada, 'GET', '/users/ada/posts')).items;
    assert.equal(post.pictures.length, 1);

    await cards(bens).getByRole('button', { name: 'Take that back' }).click();
    await cards(bens).getByText('You did not agree, so it is not shown.').waitFor();
    await until('the post shows it no longer', async () => (await asks(server, ada, 'GET', `/posts/${post.id}`)).pictures.length, (count) => count === 0);

    await adas.page.goto('/gallery');
    await adas.button('Delete').focus();
    await adas.page.keyboard.press('Enter');
    await adas.page.getByText('You have no pictures of calls yet.').waitFor();
    await until('the keyboard goes on from the heading', () => adas.page.evaluate(() => document.activeElement?.tagName), (name) => name === 'H1');
    await adas.button('Undo').click();
    await cards(adas).waitFor();
    await adas.button('Delete').click();
    // Whoever leaves the page has not changed their mind.
    await adas.page.goto('/friends');
    await until('it is gone', async () => (await asks(server, ada, 'GET', '/me/stills')).items.length, (count) => count === 0);
  },
  { env: DEVELOPMENT },
);

for (const colorScheme of ['light', 'dark']) {
  scenario(
    `the gallery is fit for everybody, ${colorScheme}`,
    async (stage) => {
      const { adas, bens } = await pictured(stage, { context: { colorScheme, reducedMotion: 'reduce' } });
      for (const [person, address] of [[adas, '/gallery'], [bens, '/gallery?show=asked'], [bens, '/gallery']]) {
        await person.page.setViewportSize(PHONE);
        await person.page.goto(address);
        await person.page.getByRole('heading', { level: 1 }).waitFor();
        await person.page.waitForFunction(() => !document.querySelector('.spinner'));
        await isFit(person, `${address}, ${colorScheme}`);
        await fitsTheWidth(person, address);
      }
    },
    { env: DEVELOPMENT },
  );
}
