// Light, dark, or as the system likes it.

import { browser } from './memory.js';

/** @typedef {'system' | 'light' | 'dark'} Look */

export const LOOKS = /** @type {Look[]} */ (['system', 'light', 'dark']);

/** @returns {Look} */
export const look = () => browser.recall('look', /** @type {Look} */ ('system'));

/** @param {Look} to */
export function chooseLook(to) {
  browser.keep('look', to === 'system' ? undefined : to);
  if (to === 'system') delete document.documentElement.dataset.look;
  else document.documentElement.dataset.look = to;
}
