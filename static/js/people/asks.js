// What can be asked about people and done between them.

import { Refusal, ask } from '../api.js';

/** @import { Me } from '../session.js' */
/** @import { Somebody } from '../ui/person.js' */

/**
 * How one stands to somebody. `request`: whether one has asked the other for friendship and waits.
 * @typedef {{following: boolean, followed_by: boolean, friends: boolean, request: 'none' | 'sent' | 'received'}} Relation
 */

/** Somebody in a list. @typedef {{user: Somebody, following: boolean, friends: boolean, since: string}} Acquaintance */
/** The same as a row. @typedef {Acquaintance & {id: string}} AcquaintanceRow */

/** A request for friendship, with the other one of the two. @typedef {{id: string, user: Somebody, created_at: string}} FriendRequest */

/**
 * @typedef {Somebody & {
 *   about: string,
 *   genres: string[],
 *   counts: {followers: number, following: number, friends: number},
 *   representative_playlist: {id: string, title: string} | null,
 *   relation: Relation | null,
 * }} Profile
 */

/**
 * @param {string} handle
 * @returns {Promise<Profile>}
 */
export const fetchProfile = (handle) => ask(`/users/${encodeURIComponent(handle)}`);

/**
 * @param {string} user
 * @param {boolean} on
 */
export const follow = (user, on) => ask(`/me/following/${user}`, { method: on ? 'PUT' : 'DELETE' });

/**
 * @param {string} user
 * @param {boolean} on
 */
export const block = (user, on) => ask(`/me/blocks/${user}`, { method: on ? 'PUT' : 'DELETE' });

/** @param {string} user */
export const requestFriendship = (user) => ask('/friend-requests', { method: 'POST', body: { to: user } });

/**
 * @param {string} request
 * @param {'accepted' | 'rejected'} status
 */
export const answerRequest = (request, status) => ask(`/friend-requests/${request}`, { method: 'PATCH', body: { status } });

/** @param {string} request */
export const withdrawRequest = (request) => ask(`/friend-requests/${request}`, { method: 'DELETE' });

/**
 * The request between oneself and somebody that nobody has answered.
 * @param {'incoming' | 'outgoing'} direction
 * @param {string} user
 * @returns {Promise<string>} its id
 */
export async function openRequest(direction, user) {
  /** @type {string | undefined} */
  let cursor;
  do {
    /** @type {{items: FriendRequest[], next_cursor: string | null}} */
    const page = await ask('/friend-requests', { query: { direction, limit: 100, cursor } });
    const found = page.items.find((request) => request.user.id === user);
    if (found) return found.id;
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  throw new Refusal('answered');
}

/** @param {string} user */
export const endFriendship = (user) => ask(`/me/friends/${user}`, { method: 'DELETE' });

/**
 * A row of a list, known by its person.
 * @template {{user: Somebody}} T
 * @param {T} item
 * @returns {T & {id: string}}
 */
export const byPerson = (item) => ({ ...item, id: item.user.id });

/**
 * What one's own account is after the change.
 * @param {Record<string, unknown>} changes only what is different
 * @returns {Promise<Me>}
 */
export const saveProfile = (changes) => ask('/me', { method: 'PATCH', body: changes });

/**
 * @param {Blob} picture
 * @returns {Promise<{avatar: string}>} its address
 */
export function saveAvatar(picture) {
  const body = new FormData();
  body.set('picture', picture);
  return ask('/me/avatar', { method: 'PUT', body });
}

export const removeAvatar = () => ask('/me/avatar', { method: 'DELETE' });

/** @param {string | null} playlist */
export const showPlaylist = (playlist) => ask('/me/representative-playlist', { method: 'PUT', body: { playlist_id: playlist } });

/**
 * Whether nobody has this nickname.
 * @param {string} nickname
 * @returns {Promise<boolean>}
 */
export const isFree = async (nickname) => (await ask(`/nicknames/${encodeURIComponent(nickname)}`)).free;
