// A tune over chords: a rhythm and a shape that come again, so that it is one tune and not a row of notes.

import { chance, pick } from './chance.js';

/** @import { Chance } from './chance.js' */

/** Rhythms of two bars in eighths, from calm to lively: `x` begins a note, `-` holds it, `.` is a rest. */
const RHYTHMS = [
  ['x-------x---x---', 'x---x---x-------', '....x---x-------', 'x---..x-x-------'],
  ['x---x-x-x-------', 'x-x---x-x---x---', '..x-x-x-x-------', 'x--x--x-x-------'],
  ['x-x-x---x-x-x---', 'x--x--x-x-x-....', '..xxx-x-x---x---', 'x-x-xx--x---x-x-'],
  ['x-xxx-x-x-x-x---', 'xx-xx-x-x-xxx---', '.xx-x-xxx---x-x-', 'x-x-xxx-x--x--x-'],
];
/** Eighths of two bars. */
const STEPS = 16;
/** Where a tune lies, in steps of the key: somewhat above the chords. */
const LOWEST = 4;
const HIGHEST = 13;

/**
 * One note: where in two bars it begins and how long it is, in eighths, and how it moves from the note before.
 * @typedef {{at: number, length: number, move: number}} Gesture
 */

/**
 * @param {Chance} draw
 * @param {number} lively 0 to 3
 * @returns {Gesture[]}
 */
function gestures(draw, lively) {
  const rhythm = pick(draw, /** @type {string[]} */ (RHYTHMS[lively]));
  const leaps = [-2, -1, -1, -1, 0, 1, 1, 1, 2, 3];
  /** @type {Gesture[]} */
  const all = [];
  for (let at = 0; at < STEPS; at += 1) {
    if (rhythm[at] !== 'x') continue;
    let length = 1;
    while (rhythm[at + length] === '-') length += 1;
    all.push({ at, length, move: pick(draw, leaps) });
  }
  return all;
}

/**
 * A tune of eight bars, as steps of the key: two bars, the same with another end, then two that answer, and the first again.
 *
 * @param {string | number} seed
 * @param {number[]} chords degree of each of eight bars
 * @param {number} lively 0 to 3
 * @param {number} lift steps that it lies higher
 * @returns {{at: number, length: number, step: number}[]} times in eighths from the start
 */
export function tune(seed, chords, lively, lift) {
  const draw = chance(seed, 'tune');
  const call = gestures(draw, lively);
  const answer = gestures(draw, Math.max(0, lively - (draw() < 0.5 ? 1 : 0)));
  const order = [call, call, answer, call];
  let step = LOWEST + 3 + lift;
  /** @type {{at: number, length: number, step: number}[]} */
  const notes = [];
  order.forEach((part, phrase) => {
    part.forEach(({ at, length, move }, i) => {
      // The second and the last time, the end is another one.
      const turned = phrase % 2 === 1 && i >= part.length - 2 ? -move : move;
      step = within(step + turned, lift);
      const degree = chords[Math.min(phrase * 2 + Math.floor(at / 8), chords.length - 1)] ?? 0;
      // What is heavy or long belongs to the chord; what passes may pass.
      if (at % 4 === 0 || length > 2 || i === part.length - 1) step = within(nearest(step, degree), lift);
      notes.push({ at: phrase * STEPS + at, length, step });
    });
  });
  return notes;
}

/**
 * @param {number} step
 * @param {number} lift
 */
function within(step, lift) {
  if (step < LOWEST + lift) return step + 7;
  if (step > HIGHEST + lift) return step - 7;
  return step;
}

/**
 * The note of a chord that is next to a step.
 * @param {number} step
 * @param {number} degree
 */
function nearest(step, degree) {
  for (const away of [0, 1, -1, 2, -2]) {
    const above = (((step + away - degree) % 7) + 7) % 7;
    if (above === 0 || above === 2 || above === 4) return step + away;
  }
  return step;
}
