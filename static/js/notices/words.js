// A notification in words, and where it leads.

import { t } from '../i18n.js';
import { playlistAt } from '../playlists/asks.js';
import { postAt } from '../posts/asks.js';
import { profileOf } from '../ui/person.js';

/** @import { Somebody } from '../ui/person.js' */

/**
 * @typedef {object} Notice
 * @property {string} id
 * @property {string} kind
 * @property {Somebody | null} actor null when they are gone
 * @property {string | null} subject
 * @property {string} created_at
 * @property {string | null} read_at
 */

/** Kinds that this page has words for; a newer server may know more. */
const KINDS = [
  'followed',
  'friend-requested',
  'friend-accepted',
  'post-liked',
  'post-commented',
  'comment-replied',
  'playlist-liked',
  'playlist-commented',
  'playlist-replied',
  'room-knocked',
  'room-admitted',
  'call-missed',
  'still-asked',
];

/** @type {Record<string, string>} */
const ICONS = {
  followed: 'invite',
  'friend-requested': 'friends',
  'friend-accepted': 'check',
  'post-liked': 'heart',
  'post-commented': 'comment',
  'comment-replied': 'comment',
  'playlist-liked': 'heart',
  'playlist-commented': 'comment',
  'playlist-replied': 'comment',
  'room-knocked': 'door',
  'room-admitted': 'door',
  'call-missed': 'phone',
  'still-asked': 'still',
};

/** Where the kinds lead whose subject says more than who did it. @type {Record<string, (subject: string) => string>} */
const PLACES = {
  'post-liked': postAt,
  'post-commented': (post) => `${postAt(post)}#comments`,
  'comment-replied': (post) => `${postAt(post)}#comments`,
  'playlist-liked': playlistAt,
  'playlist-commented': (playlist) => `${playlistAt(playlist)}#comments`,
  'playlist-replied': (playlist) => `${playlistAt(playlist)}#comments`,
  'room-knocked': (room) => `/room/${room}`,
  'room-admitted': (room) => `/room/${room}`,
  'call-missed': () => '/calls',
  'still-asked': () => '/gallery?show=asked',
};

/** @param {Notice} notice */
export function inWords({ kind, actor }) {
  const name = actor?.nickname ?? t('told.somebody');
  return t(KINDS.includes(kind) ? `told.${kind}` : 'told.other', { name });
}

/** @param {Notice} notice */
export const pictureOf = ({ kind }) => ICONS[kind] ?? 'bell';

/** @param {Notice} notice */
export function leadsTo({ kind, subject, actor }) {
  const place = PLACES[kind];
  if (place && subject) return place(subject);
  return actor ? profileOf(actor) : '/notifications';
}
