// How long ago something was, in the reader's language.

import { current } from '../i18n.js';

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ['year', 365 * 24 * 3_600],
  ['month', 30 * 24 * 3_600],
  ['week', 7 * 24 * 3_600],
  ['day', 24 * 3_600],
  ['hour', 3_600],
  ['minute', 60],
];

/**
 * @param {string} at RFC 3339
 * @param {number} [now] milliseconds since the epoch
 */
export function ago(at, now = Date.now()) {
  const seconds = (now - Date.parse(at)) / 1_000;
  if (Number.isNaN(seconds)) return '';
  const words = new Intl.RelativeTimeFormat(current(), { numeric: 'auto' });
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return words.format(-Math.floor(seconds / length), unit);
  }
  return words.format(0, 'second');
}

/** @param {string} at RFC 3339 */
export function fullTime(at) {
  const time = new Date(at);
  return Number.isNaN(time.valueOf()) ? '' : time.toLocaleString(current(), { dateStyle: 'long', timeStyle: 'short' });
}
