// What can be asked about playlists and done with them.

import { ask } from '../api.js';
import { Changes } from '../changes.js';
import { current } from '../i18n.js';

/** @import { Mood } from '../messages.d.ts' */
/** @import { Somebody } from '../ui/person.js' */

export const MOST_TITLE = 50;
export const MOST_DESCRIPTION = 150;

/** First years of the decades that the wizard offers. */
export const DECADES = [2000, 2010, 2020];

/** In two languages, which are equals. @typedef {{ko: string, en: string}} Words */

/**
 * `video`: of a video that was found for it already.
 * @typedef {object} Song
 * @property {string} id
 * @property {Words} title
 * @property {Words} artist
 * @property {string | null} genre
 * @property {number | null} decade
 * @property {number} tempo
 * @property {number} energy
 * @property {number} valence
 * @property {string[]} moods
 * @property {'catalog' | 'named'} source
 * @property {import('../player/score.js').PreviewData} preview
 * @property {string | null} [video]
 */

/** A song in a playlist. @typedef {{id: string, song: Song, added_at: string}} Entry */

/**
 * `generated_by`: null for a person, `catalog` for the scorer inside, else the model's name.
 * @typedef {object} Playlist
 * @property {string} id
 * @property {Somebody} owner
 * @property {string} title
 * @property {string} description
 * @property {boolean} is_public
 * @property {string | null} genre
 * @property {Mood | null} mood
 * @property {string[]} tags
 * @property {{url: string, kind: 'drawn' | 'generated' | 'uploaded'} | null} cover
 * @property {string | null} generated_by
 * @property {number} song_count
 * @property {number} like_count
 * @property {number} comment_count
 * @property {boolean} liked
 * @property {boolean} bookmarked
 * @property {boolean} is_own
 * @property {string} created_at
 * @property {string | null} edited_at
 * @property {number} version
 */

/** @template T @typedef {{items: T[], next_cursor: string | null}} Slice */

/** With its first songs. @typedef {Playlist & {songs: Slice<Entry>}} FullPlaylist */

/** @typedef {{title?: string, description?: string, is_public?: boolean, genre?: string | null, tags?: string[]}} Patch */

/**
 * What became of a song that was to be added; `entry`: its place, if it is in there.
 * @typedef {{song: string, status: 'added' | 'already-there' | 'not-found' | 'full', entry: string | null}} Added
 */

/** @param {string} id */
export const playlistAt = (id) => `/playlists/${encodeURIComponent(id)}`;

/** @param {Words} words */
export const inWords = ({ ko, en }) => (current() === 'ko' ? ko || en : en || ko);

/** @param {number} version */
const only = (version) => ({ 'if-match': `"v${version}"` });

/**
 * @param {string} id
 * @returns {Promise<FullPlaylist>}
 */
export const fetchPlaylist = (id) => ask(`/playlists/${encodeURIComponent(id)}`);

/**
 * @param {object} playlist
 * @param {string} key the same for every try
 * @returns {Promise<Playlist>}
 */
export const createPlaylist = (playlist, key) => ask('/playlists', { method: 'POST', body: playlist, headers: { 'idempotency-key': key } });

/**
 * @param {string} id
 * @param {Patch} changes only what is different
 * @param {number} version that was changed; if there is a newer one, it refuses with `changed`
 * @returns {Promise<Playlist>}
 */
export const changePlaylist = (id, changes, version) => ask(`/playlists/${id}`, { method: 'PATCH', body: changes, headers: only(version) });

/** @param {string} id */
export const deletePlaylist = (id) => ask(`/playlists/${id}`, { method: 'DELETE' });

/** @param {string} id */
export const restorePlaylist = (id) => ask(`/playlists/${id}/restoration`, { method: 'PUT' });

/**
 * @param {string} id
 * @param {'like' | 'bookmark'} mark
 * @param {boolean} on
 */
export const markPlaylist = (id, mark, on) => ask(`/playlists/${id}/${mark}`, { method: on ? 'PUT' : 'DELETE' });

/** What is done to playlists, told to every list that shows them. @type {Changes<Playlist>} */
export const changes = new Changes();
