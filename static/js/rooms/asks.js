// What can be asked about rooms and done with them.

import { ask } from '../api.js';

/** @import { Somebody } from '../ui/person.js' */

export const DOORS = /** @type {const} */ (['link', 'open', 'friends', 'invite']);
/** @typedef {typeof DOORS[number]} Door */

/** @type {Record<Door, string>} */
export const DOOR_ICONS = { link: 'link', open: 'world', friends: 'friends', invite: 'lock' };

/**
 * @typedef {object} Room
 * @property {string} id
 * @property {string} title may be empty
 * @property {string} description may be empty
 * @property {string[]} tags
 * @property {Door} visibility
 * @property {boolean} guests
 * @property {number} capacity
 * @property {number} participants
 * @property {string | null} since when somebody came; null while nobody is inside
 * @property {{name: string, user: Somebody | null, host: boolean}[]} people for whoever may come in
 * @property {Somebody | null} host
 * @property {boolean} yours
 * @property {number | null} message_days for how many days what is said is kept, 0 for as long as the room is there; for its host
 * @property {string | null} needs what stands between one and a seat: `login-needed`, `invite-needed`, `forbidden`
 */

/** A room as one who looks for it is shown it. @typedef {{id: string, title: string, description: string, tags: string[], visibility: Door, capacity: number, host: Somebody}} FoundRoom */

/** @typedef {{id: string, max_uses: number | null, uses: number, created_at: string, expires_at: string}} Invite */

/**
 * @param {object} room
 * @param {string} key the same for every try
 * @returns {Promise<{id: string, link: string}>}
 */
export const makeRoom = (room, key) => ask('/rooms', { method: 'POST', body: room, headers: { 'idempotency-key': key } });

/**
 * @param {string} room
 * @returns {Promise<Room>}
 */
export const showRoom = (room) => ask(`/rooms/${encodeURIComponent(room)}`);

/**
 * @param {string} room
 * @param {object} changes
 * @returns {Promise<Room>}
 */
export const changeRoom = (room, changes) => ask(`/rooms/${room}`, { method: 'PATCH', body: changes });

/** @param {string} room */
export const deleteRoom = (room) => ask(`/rooms/${room}`, { method: 'DELETE' });

/**
 * @param {string} room
 * @param {{max_uses?: number, hours: number}} invite
 * @returns {Promise<{invite: Invite, link: string}>}
 */
export const invite = (room, { max_uses: uses, hours }) => ask(`/rooms/${room}/invites`, { method: 'POST', body: { hours, ...(uses ? { max_uses: uses } : {}) } });

/**
 * @param {string} room
 * @param {string} which
 */
export const revoke = (room, which) => ask(`/rooms/${room}/invites/${which}`, { method: 'DELETE' });

/**
 * Out, and not in again until they are let back in.
 * @param {string} room
 * @param {string} user
 */
export const ban = (room, user) => ask(`/rooms/${room}/members/${user}`, { method: 'DELETE', query: { ban: 'true' } });

/**
 * @param {string} room
 * @param {string} user
 */
export const letBack = (room, user) => ask(`/rooms/${room}/bans/${user}`, { method: 'DELETE' });

/** @typedef {{id: string, room: string, user: Somebody, status: 'pending' | 'admitted' | 'refused' | 'withdrawn'}} Knock */

/**
 * @param {string} room
 * @returns {Promise<Knock>}
 */
export const knock = (room) => ask(`/rooms/${room}/knocks`, { method: 'POST' });

/**
 * Who waits before one's own room.
 * @param {string} room
 * @returns {Promise<{items: Knock[]}>}
 */
export const fetchKnocks = (room) => ask(`/rooms/${room}/knocks`, { query: { limit: 20 } });

/**
 * @param {string} room
 * @param {string} which
 * @param {'admitted' | 'refused' | 'withdrawn'} status
 * @returns {Promise<Knock>}
 */
export const answerKnock = (room, which, status) => ask(`/rooms/${room}/knocks/${which}`, { method: 'PATCH', body: { status } });
