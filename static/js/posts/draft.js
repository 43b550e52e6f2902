// What is being written, kept in this browser until it is posted or thrown away. Pictures are with the server already: the draft
// knows which.

import { browser } from '../memory.js';

/** @import { Mood } from '../messages.d.ts' */
/** @import { Picture, Post, Visibility } from './asks.js' */

/** A picture that is in the draft: an upload, or a still that will be one. @typedef {Picture & {still?: string}} Chosen */

/**
 * @typedef {object} Draft
 * @property {string} title
 * @property {string} body
 * @property {string[]} tags
 * @property {Visibility} visibility
 * @property {Mood | ''} mood
 * @property {Chosen[]} pictures
 * @property {{id: string, title: string} | null} playlist
 */

/** @returns {Draft} */
export const emptyDraft = () => ({ title: '', body: '', tags: [], visibility: 'public', mood: '', pictures: [], playlist: null });

/**
 * @param {Post} post
 * @returns {Draft}
 */
export const draftOf = ({ title, body, tags, visibility, mood, pictures, playlist }) => ({
  title,
  body,
  tags,
  visibility,
  mood: mood ?? '',
  pictures,
  playlist,
});

/**
 * The draft as the server takes it.
 * @param {Draft} draft
 */
export const bodyOf = ({ title, body, tags, visibility, mood, pictures, playlist }) => ({
  title: title.trim(),
  body: body.trim(),
  tags,
  visibility,
  mood: mood || null,
  playlist_id: playlist?.id ?? null,
  pictures: pictures.map(({ upload, still, description }) => ({ ...(still ? { still } : { upload }), description: description.trim() })),
});

/**
 * @param {{id: string, webp: string, width: number, height: number}} still
 * @returns {Chosen}
 */
export const chosenOf = ({ id, webp, width, height }) => ({ still: id, url: webp, width, height, description: '', from_call: true });

/**
 * What of a draft differs from the post.
 * @param {Draft} draft
 * @param {Post} post
 */
export function changesOf(draft, post) {
  const [now, before] = [bodyOf(draft), bodyOf(draftOf(post))];
  const same = (/** @type {unknown} */ value) => JSON.stringify(Array.isArray(value) ? value : [value]);
  const sorted = (/** @type {Record<string, any>} */ { tags, ...rest }) => ({ ...rest, tags: [...tags].sort() });
  /** @type {[string, unknown][]} */
  const changed = Object.entries(sorted(now)).filter(([name, value]) => same(value) !== same(/** @type {any} */ (sorted(before))[name]));
  return Object.fromEntries(changed);
}

/** @param {Draft} draft */
export const isEmpty = ({ title, body, tags, pictures, playlist }) => !title.trim() && !body.trim() && !tags.length && !pictures.length && !playlist;

/**
 * @param {string} user
 * @param {string} post its identifier, or `new`
 */
const key = (user, post) => `draft.${user}.${post}`;

/**
 * @param {string} user
 * @param {string} post its identifier, or `new`
 * @returns {{draft: Draft, before: Draft} | null} `before`: what the draft began with
 */
export function recallDraft(user, post) {
  const kept = browser.recall(key(user, post), /** @type {any} */ (null));
  if (!kept || typeof kept !== 'object' || !kept.draft || !Array.isArray(kept.draft.pictures)) return null;
  return { draft: { ...emptyDraft(), ...kept.draft }, before: { ...emptyDraft(), ...kept.before } };
}

/**
 * @param {string} user
 * @param {string} post
 * @param {Draft} draft
 * @param {Draft} [before]
 */
export const keepDraft = (user, post, draft, before = emptyDraft()) => browser.keep(key(user, post), { draft, before });

/**
 * @param {string} user
 * @param {string} post
 */
export const forgetDraft = (user, post) => browser.keep(key(user, post), undefined);
