// A song as the server says it, and how it is named and shown.

import { current } from '../i18n.js';

/** @import { PreviewData } from './score.js' */

/** @typedef {{ko: string, en: string}} Both */

/**
 * @typedef {object} Song
 * @property {string} id
 * @property {Both} title
 * @property {Both} artist
 * @property {string | null} [genre]
 * @property {'catalog' | 'named'} [source] `named`: a model or a person named it, and a video of it may be found
 * @property {PreviewData} preview
 * @property {string | null} [video] of YouTube, where one was found
 */

/** @param {Both} words */
const inOurs = (words) => words[current()] || words.en || words.ko;

/** @param {Song} song */
export const titleOf = (song) => inOurs(song.title);

/** @param {Song} song */
export const artistOf = (song) => inOurs(song.artist);

/** @param {number} seconds */
export function clockOf(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 0.001));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
