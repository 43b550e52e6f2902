// Previews as notes: the same every time, in their key, in time, and different from each other. No browser is needed for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compose } from '../../static/js/player/score.js';

const GENRES = ['pop', 'k-pop', 'j-pop', 'hip-hop', 'rnb', 'ballad', 'dance', 'indie', 'ost', null];
const MAJOR = [0, 2, 4, 5, 7, 9, 11];
const MINOR = [0, 2, 3, 5, 7, 8, 10];
const SONG = { tempo: 104, pitch: 2, minor: false, energy: 0.6, valence: 0.7, genre: 'pop', seed: 7, seconds: 75 };

/** Songs of every genre, in every key, slow and fast, calm and driven. */
function* songs() {
  for (const [g, genre] of GENRES.entries()) {
    for (let i = 0; i < 12; i += 1) {
      yield { tempo: 62 + ((g * 37 + i * 13) % 120), pitch: i, minor: (i + g) % 2 === 0, energy: i / 11, valence: ((i * 5) % 12) / 11, genre, seed: g * 100 + i, seconds: 30 + ((i * 17) % 90) };
    }
  }
}

const told = (song) => JSON.stringify(song);

test('the same song is the same notes, and another seed other ones', () => {
  const first = compose({ ...SONG });
  assert.deepEqual(compose({ ...SONG }), first);
  const other = compose({ ...SONG, seed: 8 });
  assert.notDeepEqual(other.notes, first.notes);
  const melodies = new Set(Array.from({ length: 60 }, (_, seed) => compose({ ...SONG, seed }).notes.filter(({ part }) => part === 'melody').map(({ at, pitch }) => `${at.toFixed(2)}:${pitch}`).join()));
  assert.ok(melodies.size >= 59, `${melodies.size} of 60 seeds have a tune of their own`);
});

test('a seed beyond what a number holds exactly is a seed as well', () => {
  const [one, other] = ['9007199254740993', '9007199254740995'].map((seed) => compose({ ...SONG, seed }));
  assert.notDeepEqual(one.notes, other.notes);
});

test('every note that has a pitch belongs to the key, where one can hear it well', () => {
  for (const song of songs()) {
    const scale = song.minor ? MINOR : MAJOR;
    for (const { pitch, part, at } of compose(song).notes) {
      if (part === 'drums') continue;
      const above = (((pitch - song.pitch) % 12) + 12) % 12;
      assert.ok(scale.includes(above), `${pitch} at ${at} in ${told(song)}`);
      assert.ok(part === 'bass' ? pitch >= 35 && pitch <= 55 : pitch >= 45 && pitch <= 96, `${part} ${pitch} in ${told(song)}`);
    }
  }
});

test('it ends and begins at home', () => {
  for (const song of songs()) {
    const { notes } = compose(song);
    const last = notes.filter(({ part }) => part === 'bass').at(-1);
    assert.equal((((last.pitch - song.pitch) % 12) + 12) % 12, 0, told(song));
  }
});

test('bars are as long as the tempo says', () => {
  for (const song of songs()) {
    const { notes, beat } = compose(song);
    assert.ok(Math.abs(beat - 60 / song.tempo) < 1e-9);
    const downbeats = new Set(notes.map(({ at }) => at / (4 * beat)).filter((bar) => Math.abs(bar - Math.round(bar)) < 1e-6).map(Math.round));
    // Something on each bar's first beat, up to the last one.
    assert.equal(downbeats.size, Math.floor(song.seconds / (4 * beat)), told(song));
    for (const { at } of notes) {
      const sixteenth = (at / beat) * 4;
      const late = sixteenth - Math.floor(sixteenth + 1e-6);
      assert.ok(late < 0.25 + 1e-6, `${at} is between the steps of ${told(song)}`);
    }
  }
});

test('it is as long as it says, and never silent for long', () => {
  for (const song of songs()) {
    const { notes, seconds } = compose(song);
    assert.equal(seconds, song.seconds);
    let until = 0;
    for (const { at, length } of notes) {
      assert.ok(at >= 0 && at + length <= seconds + 1e-9 && length > 0, told(song));
      assert.ok(at - until < 1.5, `silent from ${until} to ${at} in ${told(song)}`);
      until = Math.max(until, at + length);
    }
    assert.ok(seconds - until < 1.5, told(song));
  }
});

test('energy is heard: more notes, and stronger ones', () => {
  for (const genre of GENRES) {
    const [calm, wild] = [0.1, 0.9].map((energy) => compose({ ...SONG, genre, energy }).notes);
    const mean = (notes) => notes.filter(({ part }) => part === 'bass').reduce((sum, { strength }) => sum + strength, 0) / notes.filter(({ part }) => part === 'bass').length;
    assert.ok(wild.length > 1.3 * calm.length, `${genre}: ${calm.length}, ${wild.length}`);
    assert.ok(mean(wild) > 1.2 * mean(calm), String(genre));
    for (const { strength } of wild) assert.ok(strength > 0 && strength <= 1);
  }
});

test('what the server does not know of a song does not keep it from playing', () => {
  const bare = compose({ tempo: null, pitch: 0, minor: false, energy: null, valence: null, genre: null, seed: 1, seconds: 60 });
  assert.ok(bare.notes.length > 100);
  for (const seconds of [1, 2, 7]) assert.ok(compose({ ...SONG, seconds }).notes.length > 0);
  assert.ok(compose({ ...SONG, tempo: 100_000 }).notes.length < 10_000);
});
