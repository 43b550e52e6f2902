// A guess at how hard a password is to guess, while it is typed. The server has the last word, with a better measure.

/** From 0 to 4. */
export const STRENGTHS = ['short', 'weak', 'fair', 'good', 'strong'];
/** Fewest characters. */
const LEAST = 8;
/** What everybody tries first. */
const COMMON = /pass|word|qwert|asdf|zxcv|1q2w|abc|letmein|welcome|admin|login|iloveyou|monkey|dragon|moodcall|love|비밀/gi;
/** Bits from which on it is fair, good, strong. */
const BITS = [28, 42, 58];

/**
 * @param {string} password
 * @param {string[]} about words about the person, worth nothing in a password
 * @returns {number} an index of `STRENGTHS`
 */
export function strength(password, about = []) {
  const letters = [...password];
  if (letters.length < LEAST) return 0;
  let rest = password.toLowerCase();
  for (const word of about.flatMap((one) => one.toLowerCase().split(/[@.\s]+/))) {
    if (word.length > 2) rest = rest.replaceAll(word, '~');
  }
  rest = rest.replace(COMMON, '~').replace(/(19|20)\d\d/g, '~');
  const bits = [...rest].reduce((sum, letter, i, all) => sum + worth(letter, all[i - 1]), 0);
  return 1 + BITS.filter((limit) => bits >= limit).length;
}

/**
 * @param {string} letter
 * @param {string | undefined} before
 */
function worth(letter, before) {
  const step = before === undefined ? 9 : Math.abs(letter.charCodeAt(0) - before.charCodeAt(0));
  if (step <= 1) return 0.5;
  if (/[a-z]/.test(letter)) return 3.6;
  if (/\d/.test(letter)) return 3.2;
  return 5;
}
