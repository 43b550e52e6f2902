// The songs of a playlist: put in, taken out, moved.

import { ask } from '../api.js';

/** @import { Added, Slice, Song } from './asks.js' */

/**
 * @param {string} playlist
 * @param {string[]} songs
 * @returns {Promise<Added[]>} what became of each
 */
export const addSongs = async (playlist, songs) => (await ask(`/playlists/${playlist}/songs`, { method: 'POST', body: { songs } })).results;

/**
 * @param {string} playlist
 * @param {string} entry
 */
export const removeSong = (playlist, entry) => ask(`/playlists/${playlist}/songs/${entry}`, { method: 'DELETE', keepalive: true });

/**
 * @param {string} playlist
 * @param {string} entry
 * @param {string | null} after the entry that it comes to stand behind; null: at the front
 */
export const moveSong = (playlist, entry, after) => ask(`/playlists/${playlist}/song-order`, { method: 'PUT', body: { entry, after } });

/**
 * @param {string} query
 * @param {AbortSignal} [signal]
 * @returns {Promise<Slice<Song>>}
 */
export const findSongs = (query, signal) => ask('/songs', { query: { query, limit: 20 }, signal });
