// What can be asked about calls: ringing a friend, answering, and what was.

import { ask } from '../api.js';

/** @import { Somebody } from '../ui/person.js' */

/** @typedef {'ringing' | 'accepted' | 'declined' | 'busy' | 'canceled' | 'missed' | 'ended'} Status */

/**
 * @typedef {object} Ring
 * @property {string} id
 * @property {'incoming' | 'outgoing'} direction
 * @property {Somebody | null} user the other one; null when they are not to be seen any more
 * @property {string | null} room where the two meet
 * @property {boolean} video whether the caller means to show a camera
 * @property {Status} status
 * @property {string} created_at
 * @property {string | null} answered_at
 * @property {string | null} ended_at
 * @property {number | null} seconds how long the two talked
 */

/**
 * @param {string} user a friend
 * @param {boolean} video
 * @returns {Promise<Ring>}
 */
export const ringFriend = (user, video) => ask('/calls', { method: 'POST', body: { user, video } });

/**
 * @param {string} call
 * @returns {Promise<Ring>}
 */
export const fetchCall = (call) => ask(`/calls/${call}`);

/**
 * @param {string} call
 * @param {'accepted' | 'declined' | 'canceled' | 'ended'} status
 * @returns {Promise<Ring>}
 */
export const answerCall = (call, status) => ask(`/calls/${call}`, { method: 'PATCH', body: { status }, keepalive: true });
