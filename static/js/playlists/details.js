// The words of a playlist while they are changed: what differs from it, and what is kept for a reload.

/** @import { Patch, Playlist } from './asks.js' */

/** @typedef {{title: string, description: string, is_public: boolean, genre: string, tags: string[]}} Details */

export const NAMES = /** @type {const} */ (['title', 'description', 'is_public', 'genre', 'tags']);

/**
 * @param {Playlist} playlist
 * @returns {Details}
 */
export const detailsOf = ({ title, description, is_public, genre, tags }) => ({ title, description, is_public, genre: genre ?? '', tags: [...tags] });

/** @param {Details} details */
const sent = ({ title, description, is_public, genre, tags }) => ({
  title: title.trim(),
  description: description.trim(),
  is_public,
  genre: genre || null,
  tags: [...tags].sort(),
});

/**
 * What differs from the playlist, as the server takes it.
 * @param {Details} details
 * @param {Playlist} playlist
 * @returns {Patch}
 */
export function changesOf(details, playlist) {
  const [now, before] = [sent(details), sent(detailsOf(playlist))];
  return Object.fromEntries(NAMES.filter((name) => JSON.stringify(now[name]) !== JSON.stringify(before[name])).map((name) => [name, now[name]]));
}
