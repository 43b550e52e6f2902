// The last things that were searched for, in this browser only and for each person apart.

import { browser } from '../memory.js';

const MOST = 3;

/** @param {string} user */
const key = (user) => `searches.${user}`;

/**
 * @param {string} user
 * @returns {string[]} newest first
 */
export const recentSearches = (user) => {
  const kept = browser.recall(key(user), /** @type {unknown} */ ([]));
  return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(0, MOST) : [];
};

/**
 * @param {string} user
 * @param {string} words
 */
export function rememberSearch(user, words) {
  const others = recentSearches(user).filter((one) => one !== words);
  browser.keep(key(user), [words, ...others].slice(0, MOST));
}

/**
 * @param {string} user
 * @param {string} [words] none forgets all
 */
export function forgetSearches(user, words) {
  const rest = words === undefined ? [] : recentSearches(user).filter((one) => one !== words);
  browser.keep(key(user), rest.length ? rest : undefined);
}
