// Whether a picture went on through something.

import assert from 'node:assert/strict';

/** A busy machine holds back a few frames; a picture that lost its way stands still until it has found another. */
const MOST_S = 0.5;

/**
 * @param {{frozenSeconds: number}} before what `Person.received` said before it happened
 * @param {{frozenSeconds: number}} after and once so many more frames had come
 * @param {string} what happened
 */
export function assertSmooth(before, after, what) {
  const stood = after.frozenSeconds - before.frozenSeconds;
  assert.ok(stood < MOST_S, `the picture stood still for ${stood.toFixed(2)} s while ${what}`);
}
