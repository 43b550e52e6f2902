// Numbers that look like chance and are the same every time for the same seed.

/** A source of numbers, 0 (included) to 1 (excluded). @typedef {() => number} Chance */

/**
 * @param {...(string | number)} seeds what the numbers depend on
 * @returns {Chance}
 */
export function chance(...seeds) {
  // FNV-1a, so that neighboring seeds begin far from each other.
  let state = 0x811c9dc5;
  for (const character of seeds.join('/')) {
    state ^= character.codePointAt(0) ?? 0;
    state = Math.imul(state, 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/**
 * @template T
 * @param {Chance} draw
 * @param {readonly T[]} from not empty
 * @returns {T}
 */
export const pick = (draw, from) => /** @type {T} */ (from[Math.floor(draw() * from.length)]);
