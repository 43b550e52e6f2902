// One's own page: a picture, a name, some words; and finding others by a part of theirs.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const rows = (person) => person.page.locator('.rows > li');
const field = (person) => person.page.getByRole('searchbox', { name: 'Name or handle' });

/** A picture of three stripes, red, green, red, twice as wide as high; made in the page. */
async function stripes(page) {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(400, 200);
    const context = canvas.getContext('2d');
    context.fillStyle = '#ff0000';
    context.fillRect(0, 0, 400, 200);
    context.fillStyle = '#00c000';
    context.fillRect(100, 0, 200, 200);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  });
  return { name: 'stripes.png', mimeType: 'image/png', buffer: Buffer.from(base64, 'base64') };
}

/** Red, green and blue at a place of a picture, given as shares of its sides. */
const colorAt = (image, x, y) =>
  image.evaluate(
    async (element, [left, top]) => {
      await element.decode();
      const { naturalWidth: width, naturalHeight: height } = element;
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context.drawImage(element, 0, 0);
      const [red, green, blue] = context.getImageData(Math.floor(left * width), Math.floor(top * height), 1, 1).data;
      return { red, green, blue, square: width === height };
    },
    [x, y],
  );

scenario(
  'a picture is cut to its middle, shown to others, and can be removed',
  async (stage) => {
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(stage.server, handle)));
    const [adas, bens] = [await stage.person('Ada'), await stage.person('Ben')];
    await enter(adas, ada, '/settings/profile');
    const choose = adas.page.getByLabel('Choose a picture');
    await choose.waitFor();
    await choose.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
    await adas.page.getByText('This file is not a picture').waitFor();
    await choose.setInputFiles(await stripes(adas.page));
    await adas.page.getByLabel('Change picture').waitFor();
    await adas.page.locator('.own img').waitFor();

    await enter(bens, ben, '/people/ada');
    const picture = bens.page.locator('.profile-head img');
    await picture.waitFor();
    for (const x of [0.1, 0.5, 0.9]) {
      const { red, green, square } = await colorAt(picture, x, 0.5);
      assert.ok(square && green > 120 && red < 100, `the middle of the picture is left at ${x}: ${red}, ${green}`);
    }
    await adas.button('Remove picture').click();
    await adas.page.getByLabel('Choose a picture').waitFor();
    await bens.page.reload();
    await bens.page.locator('.profile-head .face span').waitFor();
    assert.equal(await picture.count(), 0);
  },
  { env: DEVELOPMENT },
);

scenario(
  'a profile is edited in place, errors stand at their field, and nothing typed is lost',
  async (stage) => {
    const [ada] = await Promise.all(['ada', 'ben'].map((handle) => account(stage.server, handle)));
    const adas = await stage.person('Ada');
    const { page } = adas;
    await enter(adas, ada, '/people/ada');
    await page.getByRole('link', { name: 'Edit profile' }).click();
    const nickname = page.getByLabel('Nickname');
    await nickname.fill('ben');
    await page.getByText('Somebody has this nickname already.').waitFor();
    await page.getByLabel('About you').fill('비 오는 날, slow songs.');
    await page.getByRole('button', { name: 'Indie', exact: true }).click();
    await page.getByRole('button', { name: 'K-pop', exact: true }).click();
    assert.equal(await page.getByRole('button', { name: 'OST', exact: true }).getAttribute('aria-disabled'), 'true', 'three are enough');
    await adas.button('Save').click();
    await until('the field is wrong', () => nickname.getAttribute('aria-invalid'), (invalid) => invalid === 'true');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'nickname', 'the focus is at the error');

    await page.reload();
    assert.equal(await page.getByLabel('About you').inputValue(), '비 오는 날, slow songs.', 'kept over a reload');
    await nickname.fill('에이다');
    await page.getByText('This nickname is free.').waitFor();
    await adas.button('Save').click();
    await page.getByRole('heading', { level: 1, name: '에이다' }).waitFor();
    await page.getByText('비 오는 날, slow songs.').waitFor();
    assert.deepEqual(await page.locator('.tags .tag').allInnerTexts(), ['Pop', 'Indie', 'K-pop']);
    const me = await asks(stage.server, ada, 'GET', '/me');
    assert.deepEqual([me.nickname, me.handle, me.genres], ['에이다', 'ada', ['pop', 'indie', 'k-pop']]);
  },
  { env: DEVELOPMENT, complaints: [/Failed to load resource/] },
);

scenario(
  'a part of a Hangul name is enough, while it is still being composed; three searches are kept',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    await asks(server, ben, 'PATCH', '/me', { nickname: '바다하늘' });
    const adas = await stage.person('Ada');
    const { page } = adas;
    await enter(adas, ada, '/search');
    await field(adas).focus();
    // As an input method composes it: letter by letter, nothing is final until the end.
    const devtools = await adas.context.newCDPSession(page);
    for (const text of ['ㅎ', '하', '한', '하느', '하늘']) {
      await devtools.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    }
    await rows(adas).filter({ hasText: '바다하늘' }).waitFor();
    assert.equal(await field(adas).inputValue(), '하늘', 'what is being composed is left alone');
    await page.keyboard.insertText('하늘');
    await page.keyboard.press('Enter');
    assert.equal(new URL(page.url()).searchParams.get('q'), '하늘');

    for (const words of ['ben', 'nobody', 'ada']) {
      await field(adas).fill(words);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/search?q=${words}`);
    }
    await rows(adas).first().waitFor();
    assert.equal(await page.locator('main').getByText('Nobody found').count(), 0, 'what is said belongs to what is shown');
    await field(adas).fill('');
    const recent = page.locator('.recent-words li');
    await until('the last three', () => recent.locator('span').allInnerTexts(), (texts) => texts.join() === 'ada,nobody,ben');
    await adas.button('Delete “nobody”').click();
    await until('one less', () => recent.count(), (count) => count === 2);
    await page.reload();
    await until('they stay', () => recent.count(), (count) => count === 2);
    await adas.button('Delete all').click();
    await page.getByText('A part of a word is enough.').waitFor();
  },
  { env: DEVELOPMENT },
);
