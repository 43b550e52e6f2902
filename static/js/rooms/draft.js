// What is changed of a room and not saved yet, kept in this browser. Only what differs is kept: what somebody changes elsewhere
// meanwhile is not undone by it.

import { browser } from '../memory.js';

/** @import { Door, Room } from './asks.js' */

/** @typedef {{title: string, description: string, tags: string[], visibility: Door, guests: boolean, capacity: number, days: number}} Details */
/** What is sent. @typedef {Partial<Omit<Details, 'days'> & {message_days: number}>} Patch */

const NAMES = /** @type {const} */ (['title', 'description', 'tags', 'visibility', 'guests', 'capacity', 'days']);

/**
 * @param {Room} room
 * @returns {Details}
 */
export const detailsOf = ({ title, description, tags, visibility, guests, capacity, message_days: days }) => ({
  title,
  description,
  tags: [...tags],
  visibility,
  guests,
  capacity,
  days: days ?? 0,
});

/** How it is compared and sent. @param {Details} details */
const tidy = (details) => ({ ...details, title: details.title.trim(), description: details.description.trim() });

/** The order of tags means nothing. @param {unknown} value */
const told = (value) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value);

/**
 * @param {Details} details
 * @param {Room} room
 * @returns {Partial<Details>} what of it differs from the room
 */
export function changesOf(details, room) {
  const [now, before] = [tidy(details), tidy(detailsOf(room))];
  return Object.fromEntries(NAMES.filter((name) => told(now[name]) !== told(before[name])).map((name) => [name, now[name]]));
}

/**
 * @param {Partial<Details>} changes
 * @returns {Patch}
 */
export const patchOf = ({ days, ...rest }) => ({ ...rest, ...(days === undefined ? {} : { message_days: days }) });

/**
 * @param {string} user
 * @param {string} room
 */
const key = (user, room) => `draft.${user}.room.${room}`;

/**
 * @param {string} user
 * @param {Room} room as it is now
 * @returns {Details} the room with what was changed and not saved
 */
export function recallDraft(user, room) {
  const before = detailsOf(room);
  const kept = browser.recall(key(user, room.id), /** @type {any} */ (null));
  if (!kept || typeof kept !== 'object') return before;
  const fits = (/** @type {typeof NAMES[number]} */ name) => typeof kept[name] === typeof before[name] && Array.isArray(kept[name]) === Array.isArray(before[name]);
  return { ...before, ...Object.fromEntries(NAMES.filter(fits).map((name) => [name, kept[name]])) };
}

/**
 * @param {string} user
 * @param {Room} room
 * @param {Details} details without a change, nothing is kept
 */
export function keepDraft(user, room, details) {
  const changes = changesOf(details, room);
  browser.keep(key(user, room.id), Object.keys(changes).length ? changes : undefined);
}

/**
 * @param {string} user
 * @param {string} room
 */
export const forgetDraft = (user, room) => browser.keep(key(user, room), undefined);
