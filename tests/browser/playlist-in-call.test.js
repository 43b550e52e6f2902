// During a call: the word for one's mood becomes a playlist, if one says so, and the call goes on.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { clip } from './harness/clips.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { befriend } from './harness/friends.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const card = (person) => person.page.locator('.bringing');
/** The face is read on a processor that two browsers want as well. */
const MOOD_MS = 60_000;
const MOODS = ['happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise', 'contempt', 'neutral'];

/** What somebody's page asks to be made. */
function wishes(person) {
  const sent = [];
  person.page.on('request', (request) => {
    if (request.url().includes('playlist-generations') && request.method() === 'POST') sent.push(request.postDataJSON());
  });
  return sent;
}

scenario(
  "a tap on one's own mood in the call makes a playlist of that one word, in a tab of its own, and the call goes on",
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await befriend(server, 'ada', 'ben');
    const { id } = await asks(server, ada, 'POST', '/rooms', { title: 'Tea at five', visibility: 'friends' });
    const adas = await stage.person('Ada', { browser: await stage.browser({ camera: await clip('face') }) });
    const bens = await stage.person('Ben', { browser: await stage.browser() });
    for (const [person, who] of [[adas, ada], [bens, ben]]) {
      await enter(person, who, `/room/${id}`);
      await person.button('Join').click();
      await person.ownTile().waitFor();
    }
    await Promise.all([adas.sees('Ben'), bens.sees('Ada')]);
    const sent = wishes(adas);
    await adas.choose('Follow my mood');
    const chip = adas.ownTile().getByRole('button', { name: /make a playlist of this mood/ });
    await chip.waitFor({ timeout: MOOD_MS });
    await bens.told("Ada's mood", (message) => message.type === 'mood' && message.mood !== null, MOOD_MS);
    assert.equal(await bens.tile('Ada').getByRole('button').count(), 0, 'the mood of somebody else is theirs');

    // By what one is seen as when the card opens; the face may look otherwise a moment later.
    await until('a mood that has a name', async () => {
      await chip.click();
      await card(adas).waitFor();
      return card(adas).locator('.bringing-mood').count();
    }, Boolean, MOOD_MS);
    const mood = await card(adas).locator('.bringing-mood').getAttribute('data-aura');
    assert.ok(MOODS.includes(mood), mood);
    assert.deepEqual(sent, [], 'nothing is sent before it is pressed');
    await isFit(adas, 'the question in the call', ['serious', 'critical']);
    await card(adas).getByRole('button', { name: 'Make it' }).click();
    const open = card(adas).getByRole('link', { name: 'Open in a new tab' });
    await open.waitFor();
    assert.deepEqual(sent, [{ kind: 'call', mood }], 'one word');
    await isFit(adas, 'the playlist in the call', ['serious', 'critical']);
    const [tab] = await Promise.all([adas.context.waitForEvent('page'), open.click()]);
    await tab.getByText('Here is your playlist').waitFor();
    const { items } = await asks(server, ada, 'GET', '/me/playlists');
    assert.deepEqual(items.map((one) => [one.mood, one.is_public]), [[mood, false]]);
    await tab.getByRole('heading', { level: 1, name: items[0].title, exact: true }).waitFor();
    await Promise.all([adas.sees('Ben'), bens.sees('Ada')]);

    await card(adas).getByRole('button', { name: 'Dismiss' }).click();
    await card(adas).waitFor({ state: 'detached' });
    const kept = await adas.page.evaluate((words) => [localStorage, sessionStorage].flatMap((one) => Object.values(one)).filter((text) => words.some((word) => text.includes(`"${word}"`))), MOODS);
    assert.deepEqual(kept, [], 'no mood is kept in the browser');
  },
  { env: DEVELOPMENT, timeout: 240_000 },
);

/** From the effects to all words; what is seen in the test card has no face, and may be a mood or none. */
async function ofMyMood(person) {
  await person.button('Make a playlist of my mood').click();
  const words = card(person).getByRole('heading', { name: 'Which mood becomes songs?' });
  const other = card(person).getByRole('button', { name: 'Another mood' });
  await words.or(other).first().waitFor();
  if (await other.isVisible()) await other.click();
  await words.waitFor();
}

scenario(
  'from the effects one chooses a word oneself; it can be stopped, put aside while it is made, and a guest is not asked',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada', { language: 'en' });
    const { id } = await asks(server, ada, 'POST', '/rooms', { visibility: 'link' });
    const adas = await stage.person('Ada', { viewport: PHONE });
    await enter(adas, ada, `/room/${id}`);
    await adas.button('Join').click();
    await adas.ownTile().waitFor();
    const sent = wishes(adas);
    await adas.choose('Follow my mood');
    await ofMyMood(adas);
    assert.equal(await adas.page.locator('.panel:visible').count(), 0, 'the effects make room');
    await isFit(adas, 'the choice in the call', ['serious', 'critical']);
    await fitsTheWidth(adas, 'the choice in the call');
    await adas.page.keyboard.press('Escape');
    await card(adas).waitFor({ state: 'detached' });
    await until('the keyboard goes on from the effects', () => adas.page.evaluate(() => document.activeElement?.id), (id) => id === 'open-effects');

    // The network is slow to say how it goes; the server is not.
    let release = () => {};
    const held = new Promise((resolve) => (release = resolve));
    await adas.page.route('**/api/v1/playlist-generations/*', async (route) => {
      if (route.request().method() === 'GET') await held;
      await route.continue().catch(() => {});
    });
    await adas.button('Effects').click();
    await ofMyMood(adas);
    await card(adas).getByRole('button', { name: 'Anger' }).click();
    const stopped = adas.page.waitForRequest((request) => request.method() === 'DELETE' && request.url().includes('playlist-generations/'));
    await card(adas).getByRole('button', { name: 'Cancel' }).click();
    await stopped;
    await card(adas).waitFor({ state: 'detached' });
    const before = (await asks(server, ada, 'GET', '/me/playlists')).items.length;

    await adas.button('Effects').click();
    await ofMyMood(adas);
    await card(adas).getByRole('button', { name: 'Surprise' }).click();
    await card(adas).getByRole('progressbar').waitFor();
    await card(adas).getByRole('button', { name: 'Dismiss' }).click();
    await card(adas).waitFor({ state: 'detached' });
    release();
    await card(adas).getByRole('link', { name: 'Open in a new tab' }).waitFor();
    await fitsTheWidth(adas, 'the playlist in the call');
    assert.deepEqual(sent.map(({ mood }) => mood), ['anger', 'surprise']);
    const { items } = await asks(server, ada, 'GET', '/me/playlists');
    assert.equal(items[0].mood, 'surprise');
    assert.ok(items.length <= before + 1, 'what was stopped comes no more');

    // After the call, it is a page's.
    await adas.button('Leave').click();
    const made = adas.page.getByRole('link', { name: 'The playlist of this call' });
    await made.waitFor();
    assert.equal(await adas.page.locator('mc-bring').count(), 0, 'it is not offered once more');
    await fitsTheWidth(adas, 'the farewell with a playlist');
    await made.click();
    await adas.page.getByText('Here is your playlist').waitFor();
    await adas.page.getByRole('heading', { level: 1, name: items[0].title, exact: true }).waitFor();

    const guest = await stage.person('Gus');
    await guest.join(`/room/${id}`);
    await guest.choose('Follow my mood');
    await guest.button('Withdraw').waitFor();
    assert.equal(await guest.button('Make a playlist of my mood').count(), 0);
  },
  { env: DEVELOPMENT, complaints: [/409/] },
);
