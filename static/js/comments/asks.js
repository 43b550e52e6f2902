// What can be asked about comments and done with them.

import { ask } from '../api.js';

/** @import { Somebody } from '../ui/person.js' */

export const MOST_COMMENT = 500;

/**
 * `deleted`: only its place is left, because of its replies.
 * @typedef {object} Comment
 * @property {string} id
 * @property {Somebody | null} author
 * @property {string | null} body
 * @property {string | null} post_id
 * @property {string | null} playlist_id
 * @property {string | null} parent_id
 * @property {number} reply_count
 * @property {boolean} deleted
 * @property {string} created_at
 * @property {string | null} edited_at
 */

/** What can be talked about, as its address has it. @typedef {'posts' | 'playlists'} Target */

/**
 * @param {string} id
 * @returns {Promise<Comment>}
 */
export const fetchComment = (id) => ask(`/comments/${encodeURIComponent(id)}`);

/** A comment in its place; null when what it stands below is gone. @param {Comment} comment */
export function commentAt({ id, post_id: post, playlist_id: playlist }) {
  const below = post ? `/posts/${post}` : playlist ? `/playlists/${playlist}` : null;
  return below && `${below}?comment=${id}#comments`;
}

/**
 * @param {Target} target
 * @param {string} id of what it is about
 * @param {{body: string, parent_id?: string}} comment
 * @param {string} key the same for every try
 * @returns {Promise<Comment>}
 */
export const createComment = (target, id, comment, key) => ask(`/${target}/${id}/comments`, { method: 'POST', body: comment, headers: { 'idempotency-key': key } });

/**
 * @param {string} id
 * @param {string} body
 * @returns {Promise<Comment>}
 */
export const changeComment = (id, body) => ask(`/comments/${id}`, { method: 'PATCH', body: { body } });

/** @param {string} id */
export const deleteComment = (id) => ask(`/comments/${id}`, { method: 'DELETE', keepalive: true });
