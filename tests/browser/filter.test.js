// The mood filter, from a real face in front of a camera to what the other person sees.

import assert from 'node:assert/strict';

import { clip } from './harness/clips.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

/** Shares of the picture in the clip `face`: plain wall at its left, the middle of the face. */
const REGIONS = { wall: [0, 0.1, 0.14, 0.8], person: [0.5, 0.5, 0.2, 0.25] };
/** The clip's own wall and face vary by less than this, mean of the absolute differences in 0..255. */
const UNCHANGED = 22;
/** A scene is at least so far from the wall. */
const CHANGED = 25;
/** The clip lasts 20 s and shows sadness, then laughter. */
const CLIP_MS = 45_000;

const apart = (one, other) => one.reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0) / one.length;

/** Waits until a region on somebody's screen is near to, or far from, a color. */
function looks(viewer, name, region, fits, what, timeout) {
  return until(what, async () => (await viewer.colors(name, REGIONS))[region], fits, timeout);
}

async function twoWithAFace(stage) {
  const { link } = await stage.server.createRoom();
  const camera = await stage.browser({ camera: await clip('face') });
  const ada = await stage.person('Ada', { browser: camera });
  const ben = await stage.person('Ben');
  await ada.join(link);
  await ben.join(link);
  await Promise.all([ada.sees('Ben'), ben.sees('Ada')]);
  return { ada, ben };
}

scenario('a mood arrives, the wall becomes its scene, the person stays, and both follow a change of expression', async (stage) => {
  const { ada, ben } = await twoWithAFace(stage);
  const before = await ben.colors('Ada', REGIONS);

  await ada.choose('Follow my mood');
  const moods = [];
  const scenes = [];
  // The label first, then its scene: what was seen of each is kept.
  await until(
    'two clear moods, one after the other',
    async () => {
      const mood = await ben.moodOf('Ada');
      if (mood && !['unsure', 'neutral'].includes(mood) && mood !== moods.at(-1)) moods.push(mood);
      return moods;
    },
    (seen) => seen.includes('sadness') && seen.includes('happiness'),
    CLIP_MS,
  );
  stage.t.diagnostic(`moods seen: ${moods.join(', ')}`);

  // Each mood has a scene of its own; the crossfade is given its time.
  for (const mood of ['happiness', 'sadness']) {
    await until(`the badge says ${mood}`, () => ben.moodOf('Ada'), (now) => now === mood, CLIP_MS);
    const scene = await looks(ben, 'Ada', 'wall', (color) => apart(color, before.wall) > CHANGED, `the wall becomes the scene of ${mood}`);
    scenes.push(scene);
    const { person } = await ben.colors('Ada', REGIONS);
    assert.ok(apart(person, before.person) < UNCHANGED, `the person stays: ${person.map(Math.round)} was ${before.person.map(Math.round)}`);
  }
  // Golden light and blue rain differ most in blue against red.
  await until(
    'the two scenes differ',
    async () => {
      const mood = await ben.moodOf('Ada');
      const { wall } = await ben.colors('Ada', REGIONS);
      return { mood, warmth: wall[0] - wall[2] };
    },
    ({ mood, warmth }) => mood === 'happiness' && warmth > 30,
    CLIP_MS,
  );
  const cold = await until(
    'the scene of sadness is blue',
    async () => {
      const mood = await ben.moodOf('Ada');
      const { wall } = await ben.colors('Ada', REGIONS);
      return { mood, warmth: wall[0] - wall[2] };
    },
    ({ mood, warmth }) => mood === 'sadness' && warmth < -10,
    CLIP_MS,
  );
  stage.t.diagnostic(`red minus blue behind sadness: ${cold.warmth.toFixed(0)}`);
}, { timeout: 240_000 });

scenario('the filter switches on and off without a gap, and off restores the original', async (stage) => {
  const { ada, ben } = await twoWithAFace(stage);
  const before = await ben.colors('Ada', REGIONS);
  const offers = () => ada.heard.filter((message) => message.type === 'answer').length;
  const negotiated = offers();

  await ada.choose('Golden hour');
  await looks(ben, 'Ada', 'wall', (color) => apart(color, before.wall) > CHANGED, 'a scene stands where the wall was');
  const { person } = await ben.colors('Ada', REGIONS);
  assert.ok(apart(person, before.person) < UNCHANGED, 'the person stays');
  assert.equal(await ben.moodOf('Ada'), null, 'a scene of one\'s own choice is no mood');

  await ada.choose('Off');
  await looks(ben, 'Ada', 'wall', (color) => apart(color, before.wall) < UNCHANGED, 'the wall is back');
  const after = await ben.sees('Ada', 30);
  assert.ok(after.frozenSeconds < 0.6, `frozen for ${after.frozenSeconds} s`);
  assert.equal(offers(), negotiated, 'switching negotiates nothing');
});

scenario('blur smooths the wall and leaves the person', async (stage) => {
  const { ada, ben } = await twoWithAFace(stage);
  const before = await ben.colors('Ada', REGIONS);
  await ada.choose('Blur');
  await ada.told('the effect is on', (message) => message.type === 'effects' && message.effects.mode === 'blur');
  await ben.sees('Ada', 30);
  const now = await ben.colors('Ada', REGIONS);
  // A blurred wall has the wall's color.
  assert.ok(apart(now.wall, before.wall) < UNCHANGED, 'still the wall');
  assert.ok(apart(now.person, before.person) < UNCHANGED, 'still the person');
});

scenario('nobody\'s expression is read before they agreed', async (stage) => {
  const { ada, ben } = await twoWithAFace(stage);
  await ada.button('Effects').click();
  await ada.button('Follow my mood').click();
  const notice = ada.page.locator('mc-notice');
  await notice.waitFor();
  await notice.getByRole('button').last().click();
  await notice.waitFor({ state: 'detached' });
  await ben.sees('Ada', 30);
  assert.equal(await ben.moodOf('Ada'), null);
  assert.ok(!ben.heard.some((message) => message.type === 'mood' || message.type === 'effects'), 'not a word of a mood');
});
