// The soundtrack of a room, in two browsers: the same song at the same place, by the host's word.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

/** What two pages on one machine may be apart. */
const APART_MS = 150;

const strip = (person) => person.page.locator('.soundtrack');

/** Where somebody hears the song, and what the machine's clock says at that moment. */
const heard = (person) => person.page.evaluate(() => ({ heard: document.querySelector('mc-soundtrack')?.heard ?? null, at: Date.now() }));

/** By how much two people's ears are apart, in ms; null while one hears nothing. */
async function apart(one, other) {
  const [first, second] = await Promise.all([heard(one), heard(other)]);
  if (first.heard === null || second.heard === null) return null;
  return Math.abs(first.heard - first.at - (second.heard - second.at));
}

/** They hear the same for a while. */
async function hearTheSame(one, other, what) {
  await until(`${what}: both hear something`, () => apart(one, other), (ms) => ms !== null);
  await until(`${what}: in step`, () => apart(one, other), (ms) => ms !== null && ms <= APART_MS);
  const readings = [];
  await until(
    `${what}: twenty readings`,
    async () => {
      const ms = await apart(one, other);
      if (ms !== null) readings.push(ms);
      return readings.length;
    },
    (count) => count >= 20,
  );
  const sorted = [...readings].sort((a, b) => a - b);
  // A page that is busy for a moment reads its audio clock late, though nobody hears that: one or two of twenty may be so.
  assert.ok(sorted.at(-3) <= APART_MS, `${what}: apart by ${readings.map(Math.round).join(', ')} ms`);
  return sorted.at(-3);
}

/** A playlist with songs of the catalog, and a room of the same person. */
async function prepared(stage, ada) {
  const { items } = await asks(stage.server, ada, 'GET', '/songs?limit=4');
  const { id: playlist } = await asks(stage.server, ada, 'POST', '/playlists', { title: 'Night drive', is_public: false });
  await asks(stage.server, ada, 'POST', `/playlists/${playlist}/songs`, { songs: items.map(({ id }) => id) });
  const { link } = await asks(stage.server, ada, 'POST', '/rooms', { capacity: 3 });
  return { link, playlist };
}

/** The page's own clock is wrong by minutes: the server's is what counts. */
const wrongClock = () => Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin - 137_000 });

scenario(
  'two people hear the same at the same moment, the host conducts, and who comes later falls in',
  async (stage) => {
    const account1 = await account(stage.server, 'ada');
    const { link } = await prepared(stage, account1);
    const ada = await stage.person('Ada', { browser: await stage.browser() });
    const ben = await stage.person('Ben', { browser: await stage.browser(), before: [wrongClock] });
    await enter(ada, account1, new URL(link).pathname);
    await ada.button('Join').click();
    await ada.ownTile().waitFor();
    await ben.join(link);

    await ada.button('Choose a soundtrack').click();
    await ada.page.getByRole('button', { name: /Night drive/ }).click();
    await strip(ben).waitFor();
    assert.equal(await strip(ben).getByRole('button', { name: /for everybody/ }).count(), 0, 'whoever is no host cannot conduct');
    const most = await hearTheSame(ada, ben, 'after the start');
    stage.t.diagnostic(`apart by at most ${Math.round(most)} ms`);

    await ada.page.locator('mc-soundtrack-panel [data-part="seek"]').fill('30');
    await until('Ben is at 30 s', () => heard(ben), ({ heard: ms }) => ms !== null && ms > 29_500 && ms < 45_000);
    await hearTheSame(ada, ben, 'after a seek');

    const first = await strip(ben).getAttribute('data-song');
    await strip(ada).getByRole('button', { name: 'Next song' }).click();
    await until('Ben has the next song', () => strip(ben).getAttribute('data-song'), (song) => song !== first);
    await hearTheSame(ada, ben, 'after the next song');

    await strip(ada).getByRole('button', { name: 'Pause for everybody' }).click();
    for (const person of [ada, ben]) await until(`${person.name} hears nothing`, () => heard(person), ({ heard: ms }) => ms === null);
    const [one, other] = await Promise.all([ada, ben].map((person) => strip(person).getAttribute('data-position-ms')));
    assert.equal(one, other);
    await strip(ada).getByRole('button', { name: 'Play for everybody' }).click();

    const cem = await stage.person('Cem', { browser: await stage.browser() });
    await cem.join(link);
    await hearTheSame(ada, cem, 'who came later');
    await ada.page.getByRole('button', { name: 'End the soundtrack' }).click();
    for (const person of [ben, cem]) await strip(person).waitFor({ state: 'detached' });
  },
  { env: DEVELOPMENT, timeout: 240_000 },
);

scenario(
  'each has a volume of their own, and the strip and its panel are fit for everybody',
  async (stage) => {
    const account1 = await account(stage.server, 'ada');
    const { link } = await prepared(stage, account1);
    const ada = await stage.person('Ada', { viewport: PHONE });
    await enter(ada, account1, new URL(link).pathname);
    await ada.button('Join').click();
    await ada.ownTile().waitFor();
    await ada.button('Choose a soundtrack').click();
    await isFit(ada, 'the choice of a soundtrack');
    await ada.page.getByRole('button', { name: /Night drive/ }).click();
    await ada.page.getByRole('button', { name: 'Pause for everybody' }).first().waitFor();
    await isFit(ada, 'the soundtrack');
    await fitsTheWidth(ada, 'the soundtrack');
    await ada.page.getByLabel('Volume for me').fill('60');
    await ada.page.locator('mc-panel').getByRole('button', { name: 'Close', exact: true }).click();
    await ada.button('Mute the music for me').click();
    assert.equal(await ada.button('Mute the music for me').getAttribute('aria-pressed'), 'true');
    const kept = await ada.page.evaluate(() => JSON.parse(localStorage.getItem('moodcall.soundtrack')));
    assert.deepEqual(kept, { volume: 0.6, muted: true });
    await fitsTheWidth(ada, 'the strip');
  },
  { env: DEVELOPMENT },
);

scenario('what one listens to alone is silent while one is in a call, and is there afterwards', async (stage) => {
  const ada = await stage.person('Ada');
  await ada.page.goto('/rooms');
  const room = await ada.page.evaluate(async () => {
    const { player } = await import('/static/js/player/player.js');
    const preview = { tempo: 100, pitch: 0, minor: false, energy: 0.5, valence: 0.5, genre: 'pop', seed: 1, seconds: 90 };
    await player.play([{ id: 'one', title: { ko: '하나', en: 'One' }, artist: { ko: '가수', en: 'Singer' }, source: 'catalog', preview }]);
    const response = await fetch('/api/v1/rooms', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    const { id } = await response.json();
    await (await import('/static/js/router.js')).go(`/room/${id}`);
    return id;
  });
  const player = () => ada.page.evaluate(async () => (await import('/static/js/player/player.js')).player.value.playing);
  await ada.page.locator('.player').waitFor();
  assert.equal(await player(), true, 'in the lobby it plays');
  await ada.page.getByLabel('Your name').fill('Ada');
  await ada.button('Join').click();
  await ada.ownTile().waitFor();
  await ada.page.locator('.player').waitFor({ state: 'detached' });
  assert.equal(await player(), false);
  await ada.button('Leave').click();
  await ada.page.locator('.player').getByRole('button', { name: 'Play', exact: true }).waitFor();
  assert.equal(await player(), false, `after the call in ${room} it waits for a click`);
});
