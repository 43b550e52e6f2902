// Keys and chords: which notes belong to a key, which chords follow each other, how they lie under the hand.

import { pick } from './chance.js';

/** @import { Chance } from './chance.js' */

const MAJOR = [0, 2, 4, 5, 7, 9, 11];
const MINOR = [0, 2, 3, 5, 7, 8, 10];

/** Degrees, one a bar, counted from zero: bright ones first, thoughtful ones last. */
const IN_MAJOR = [
  [0, 4, 5, 3],
  [0, 3, 4, 3],
  [0, 5, 3, 4],
  [3, 4, 2, 5],
  [0, 2, 3, 4],
  [5, 3, 0, 4],
  [3, 0, 5, 4],
  [0, 2, 5, 3],
];
const IN_MINOR = [
  [0, 5, 2, 6],
  [0, 2, 6, 3],
  [5, 6, 0, 2],
  [0, 6, 5, 6],
  [0, 3, 5, 6],
  [0, 5, 3, 6],
  [0, 3, 0, 5],
];
/** Where chords lie: about middle C. */
const MIDDLE = 61;

/**
 * A key as a ladder: step 0 is its first note below the middle, 7 steps are an octave.
 * @typedef {object} Key
 * @property {boolean} minor
 * @property {number} tonic semitones above C
 * @property {(step: number) => number} note MIDI number of a step
 */

/**
 * @param {number} tonic
 * @param {boolean} minor natural minor
 * @returns {Key}
 */
export function keyOf(tonic, minor) {
  const scale = minor ? MINOR : MAJOR;
  // High keys go down an octave, so that every song lies in about the same place.
  const lowest = 60 + tonic - (tonic > 6 ? 12 : 0);
  const note = (/** @type {number} */ step) => {
    const octave = Math.floor(step / 7);
    return lowest + 12 * octave + /** @type {number} */ (scale[step - 7 * octave]);
  };
  return { minor, tonic, note };
}

/**
 * Two progressions of four bars: one for the verse, another for the chorus.
 * @param {Chance} draw
 * @param {boolean} minor
 * @param {number} valence 0 to 1
 */
export function progressions(draw, minor, valence) {
  const all = minor ? IN_MINOR : IN_MAJOR;
  // A window over the list that moves with how bright it shall be.
  const wide = Math.ceil(all.length / 2);
  const start = Math.round((1 - valence) * (all.length - wide));
  const near = all.slice(start, start + wide);
  const verse = pick(draw, near);
  const others = near.filter((one) => one !== verse);
  return { verse, chorus: pick(draw, others) };
}

/**
 * The steps of a chord, as near as can be to the one before.
 * @param {Key} key
 * @param {number} degree
 * @param {boolean} seventh
 * @param {number[]} before steps of the chord before, or none
 * @returns {number[]} steps, rising
 */
export function voicing(key, degree, seventh, before) {
  const root = degree - 7;
  const close = seventh ? [root, root + 2, root + 4, root + 6] : [root, root + 2, root + 4];
  /** @type {number[]} */
  let best = close;
  let least = Infinity;
  const steps = [...close];
  for (let turn = 0; turn < 3 * close.length; turn += 1) {
    const notes = steps.map(key.note);
    const mean = notes.reduce((sum, note) => sum + note, 0) / notes.length;
    const moves = before.length ? steps.reduce((sum, step, i) => sum + Math.abs(step - (before[Math.min(i, before.length - 1)] ?? step)), 0) : 0;
    const cost = Math.abs(mean - MIDDLE) + 1.5 * moves;
    if (cost < least) [least, best] = [cost, [...steps]];
    steps.push(/** @type {number} */ (steps.shift()) + 7);
  }
  return best;
}
