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
 * @property {string | null} parent_id
 * @property {number} reply_count
 * @property {boolean} deleted
 * @property {string} created_at
 * @property {string | null} edited_at
 */

/** What can be talked about, as its address has it. @typedef {'posts' | 'playlists'} Target */

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
