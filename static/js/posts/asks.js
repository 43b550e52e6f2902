// What can be asked about posts and done with them.

import { ask, freshKey, sendFile } from '../api.js';
import { Changes } from '../changes.js';

/** @import { Somebody } from '../ui/person.js' */
/** @import { Mood } from '../messages.d.ts' */

export const VISIBILITIES = /** @type {const} */ (['public', 'followers', 'friends', 'private']);
/** @typedef {typeof VISIBILITIES[number]} Visibility */

/** @type {Record<Visibility, string>} */
export const VISIBILITY_ICONS = { public: 'world', followers: 'people', friends: 'friends', private: 'lock' };

/**
 * `from_call`: it was a still; `upload`: told to its owner alone, to name it in a change.
 * @typedef {{url: string, width: number, height: number, description: string, from_call: boolean, upload?: string | null}} Picture
 */

/**
 * @typedef {object} Post
 * @property {string} id
 * @property {Somebody} author
 * @property {string} title
 * @property {string} body
 * @property {Picture[]} pictures
 * @property {string[]} tags
 * @property {{id: string, title: string} | null} playlist
 * @property {Mood | null} mood
 * @property {Visibility} visibility
 * @property {{views: number, likes: number, comments: number}} counts
 * @property {boolean} liked
 * @property {boolean} bookmarked
 * @property {boolean} mine
 * @property {string} created_at
 * @property {string | null} edited_at
 * @property {number} version
 */

/** @param {string} id */
export const postAt = (id) => `/posts/${encodeURIComponent(id)}`;

/** @param {string} name */
export const tagAt = (name) => `/tags/${encodeURIComponent(name)}`;

/**
 * @param {string} id
 * @returns {Promise<Post>}
 */
export const fetchPost = (id) => ask(`/posts/${encodeURIComponent(id)}`);

/**
 * @param {object} post
 * @param {string} key the same for every try, so that a post that got through without an answer is not there twice
 * @returns {Promise<Post>}
 */
export const createPost = (post, key) => ask('/posts', { method: 'POST', body: post, headers: { 'idempotency-key': key } });

/**
 * @param {string} id
 * @param {object} changes only what is different
 * @param {number} version that was changed; if there is a newer one, it refuses with `changed`
 * @returns {Promise<Post>}
 */
export const changePost = (id, changes, version) => ask(`/posts/${id}`, { method: 'PATCH', body: changes, headers: { 'if-match': `"v${version}"` } });

/** @param {string} id */
export const deletePost = (id) => ask(`/posts/${id}`, { method: 'DELETE' });

/** @param {string} id */
export const restorePost = (id) => ask(`/posts/${id}/restoration`, { method: 'PUT' });

/**
 * @param {string} id
 * @param {'like' | 'bookmark'} mark
 * @param {boolean} on
 */
export const markPost = (id, mark, on) => ask(`/posts/${id}/${mark}`, { method: on ? 'PUT' : 'DELETE' });

/**
 * @param {string} query the beginning of a tag
 * @param {AbortSignal} [signal]
 * @returns {Promise<{items: {name: string, count: number}[]}>}
 */
export const fetchTags = (query, signal) => ask('/tags', { query: { query, limit: 8 }, signal });

/**
 * @param {Blob} picture
 * @param {{progress: (share: number) => void, signal: AbortSignal}} options
 * @returns {Promise<{id: string, url: string, width: number, height: number}>}
 */
export function uploadPicture(picture, options) {
  const body = new FormData();
  body.set('picture', picture);
  return sendFile('/uploads', body, { ...options, headers: { 'idempotency-key': freshKey() } });
}

/** What is done to posts, told to every list that shows them. @type {Changes<Post>} */
export const changes = new Changes();
