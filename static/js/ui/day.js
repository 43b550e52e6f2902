// Days and times as the reader writes them.

import { current } from '../i18n.js';

/** @param {string} at RFC 3339 */
export function day(at) {
  const time = new Date(at);
  if (Number.isNaN(time.valueOf())) return '';
  return time.toLocaleString(current(), { dateStyle: 'medium', timeStyle: 'short' });
}

/** @param {Date} time */
export const date = (time) => time.toLocaleDateString(current(), { dateStyle: 'long' });
