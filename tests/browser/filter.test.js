// The mood filter, from a real face in front of a camera to what the other person sees.

import assert from 'node:assert/strict';

import { clip } from './harness/clips.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

/** Shares of the picture: plain wall at the left of the clip `face`, and the middle of the face. */
const REGIONS = { wall: [0, 0.1, 0.14, 0.8], person: [0.5, 0.5, 0.2, 0.25] };
/** A flag, full of edges, at the left of the clip `portrait`, and the face. */
const FLAG = [0, 0.05, 0.1, 0.6];
const FACE = [0.4, 0.2, 0.18, 0.28];
/** Mean difference in 0..255 between a picture and itself, a moment later and through two codecs. */
const SAME = 22;
/** A scene is at least so far from the clip's dark wall. */
const OTHER = 25;
/** Stalls of a busy machine included; a lost switch would freeze until the next keyframe, and longer. */
const FROZEN_S = 1.5;
/** The clip is 20 s of sadness, some fear, then laughter, in a loop. */
const CLIP_MS = 50_000;

const apart = (one, other) => one.reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0) / one.length;

/** What Ada's camera shows, what Ben sees of it, how far these are apart, and the mood on her badge. */
async function compare(ada, ben) {
  const [here, there, mood] = await Promise.all([ada.ownColors(REGIONS), ben.colors('Ada', REGIONS), ben.moodOf('Ada')]);
  return { mood, color: there.wall, wall: apart(here.wall, there.wall), person: apart(here.person, there.person) };
}

async function twoWithACamera(stage, name) {
  const { link } = await stage.server.createRoom();
  const ada = await stage.person('Ada', { browser: await stage.browser({ camera: await clip(name) }) });
  const ben = await stage.person('Ben');
  await ada.join(link);
  await ben.join(link);
  await Promise.all([ada.sees('Ben'), ben.sees('Ada')]);
  // Ben only watches: his picture would cost the processor as much as the filter does, which steps down when it is short of time.
  await ben.button('Camera').click();
  return { ada, ben };
}

scenario(
  'a mood arrives, the wall becomes its scene while the person stays, and both follow a change of expression',
  async (stage) => {
    const { ada, ben } = await twoWithACamera(stage, 'face');
    const plain = await compare(ada, ben);
    assert.ok(plain.wall < SAME && plain.person < SAME, `without a filter, Ben sees what Ada's camera shows: ${JSON.stringify(plain)}`);

    await ada.choose('Follow my mood');
    // Blue rain is bluer than it is red, golden light the other way round: so each scene is told by its color alone.
    const scenes = {
      sadness: ({ color: [red, , blue] }) => blue > red + 10,
      happiness: ({ color: [red, , blue] }) => red > blue + 30,
    };
    for (const [mood, fits] of Object.entries(scenes)) {
      const seen = await until(
        `the scene of ${mood} stands behind Ada`,
        () => compare(ada, ben),
        (now) => now.mood === mood && now.wall > OTHER && fits(now),
        CLIP_MS,
      );
      stage.t.diagnostic(`${mood}: wall ${seen.wall.toFixed(0)} away, person ${seen.person.toFixed(0)}, scene ${seen.color.map(Math.round)}`);
      assert.ok(seen.person < SAME, `the person stays: ${JSON.stringify(seen)}`);
    }
    const rungs = ben.heard.filter((message) => message.rung).map((message) => message.rung);
    stage.t.diagnostic(`rungs: ${rungs.filter((rung, i) => rung !== rungs[i - 1]).join(', ')}`);
    const moods = ben.heard.filter((message) => message.type === 'mood').map((message) => message.mood);
    stage.t.diagnostic(`moods: ${moods.filter((mood, i) => mood !== moods[i - 1]).join(', ')}`);
  },
  { timeout: 180_000 },
);

scenario('the filter goes on and off without a gap, and off restores the original', async (stage) => {
  const { ada, ben } = await twoWithACamera(stage, 'face');
  const answers = () => ada.heard.concat(ben.heard).filter((message) => message.type === 'answer').length;
  const negotiated = answers();

  await ada.choose('Golden hour');
  const on = await until('a scene stands where the wall was', () => compare(ada, ben), (now) => now.wall > OTHER);
  assert.ok(on.person < SAME, `the person stays: ${JSON.stringify(on)}`);
  assert.equal(on.mood, null, "a scene of one's own choice is no mood");

  await ada.choose('Off');
  const off = await until('the wall is back', () => compare(ada, ben), (now) => now.wall < SAME / 2);
  assert.ok(off.person < SAME, JSON.stringify(off));
  const { frozenSeconds } = await ben.sees('Ada', 30);
  stage.t.diagnostic(`frozen for ${frozenSeconds} s in all`);
  assert.ok(frozenSeconds < FROZEN_S, `frozen for ${frozenSeconds} s`);
  assert.equal(answers(), negotiated, 'switching negotiates nothing');
});

scenario('blur takes the edges from what is behind, and from nothing else', async (stage) => {
  const { ada, ben } = await twoWithACamera(stage, 'portrait');
  const ratio = async (region) => (await ben.sharpness('Ada', region)) / (await ada.ownSharpness(region));
  assert.ok((await ratio(FLAG)) > 0.5, 'sharp before');
  await ada.choose('Blur');
  const flag = await until('the flag is blurred', () => ratio(FLAG), (sharp) => sharp < 0.3);
  const face = await ratio(FACE);
  stage.t.diagnostic(`left of the sharpness: flag ${flag.toFixed(2)}, face ${face.toFixed(2)}`);
  assert.ok(face > 0.5, 'the face is as sharp as before');
});

scenario("nobody's expression is read before they agreed", async (stage) => {
  const { ada, ben } = await twoWithACamera(stage, 'portrait');
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

scenario(
  'without ONNX Runtime the filter says so, and the call works',
  async (stage) => {
    const { ada, ben } = await twoWithACamera(stage, 'portrait');
    await ada.button('Effects').click();
    assert.ok(await ada.button('Follow my mood').isDisabled());
    const roster = await ada.told('the roster', (message) => message.type === 'roster');
    assert.equal(roster.filter.available, false);
    assert.ok(roster.filter.reason, 'with the reason');
    await ben.sees('Ada');
  },
  { env: { MOODCALL_LIBRARY: '/nowhere/libonnxruntime.so' } },
);
