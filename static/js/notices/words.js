// A notification in words, and where it leads.

import { t } from '../i18n.js';
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
const KINDS = ['followed', 'friend-requested', 'friend-accepted'];

/** @type {Record<string, string>} */
const ICONS = { followed: 'invite', 'friend-requested': 'friends', 'friend-accepted': 'check' };

/** @param {Notice} notice */
export function inWords({ kind, actor }) {
  const name = actor?.nickname ?? t('told.somebody');
  return t(KINDS.includes(kind) ? `told.${kind}` : 'told.other', { name });
}

/** @param {Notice} notice */
export const pictureOf = ({ kind }) => ICONS[kind] ?? 'bell';

/** @param {Notice} notice */
export const leadsTo = ({ actor }) => (actor ? profileOf(actor) : '/notifications');
