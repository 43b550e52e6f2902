// A playlist in the making: asked for, followed from step to step, stopped.

import { Refusal, ask, refusal } from '../api.js';
import { events } from '../events.js';
import { browser } from '../memory.js';

/** @import { Mood } from '../messages.d.ts' */

export const MOST_MOOD = 100;

/** What is done one after the other. */
export const STEPS = /** @type {const} */ (['understand', 'songs', 'words', 'cover', 'save']);

/** What somebody answered so far. `decade`: 0 is no preference. @typedef {{mood: string, genre: string, decade: number}} Answers */

/** What is asked for. @typedef {{kind: 'wizard', mood_text: string, genre: string, decade: number | null} | {kind: 'event', mood_text: string} | {kind: 'call', mood: Mood}} Wish */

/**
 * `step`: what is being done, while it runs; `progress`: 0 to 1; `problem`: code of what went wrong.
 * @typedef {object} Making
 * @property {string} id
 * @property {'wizard' | 'event' | 'call'} kind
 * @property {'waiting' | 'running' | 'done' | 'failed' | 'canceled'} status
 * @property {typeof STEPS[number] | null} step
 * @property {number} progress
 * @property {string | null} playlist_id
 * @property {string | null} problem
 */

/** @param {Making} making */
export const isOver = ({ status }) => !['waiting', 'running'].includes(status);

/** How long to wait before a line that broke is opened again, in ms. */
const AGAIN_MS = 1_000;

/**
 * @param {Wish} wish
 * @param {string} key the same for every try
 * @returns {Promise<Making>}
 */
export const beginMaking = (wish, key) => ask('/playlist-generations', { method: 'POST', body: wish, headers: { 'idempotency-key': key } });

/**
 * @param {string} id
 * @returns {Promise<Making>}
 */
export const fetchMaking = (id) => ask(`/playlist-generations/${encodeURIComponent(id)}`);

/** @param {string} id */
export const stopMaking = (id) => ask(`/playlist-generations/${id}`, { method: 'DELETE' });

/**
 * Tells how it goes until it is over. A line that breaks is opened again; one that is refused throws.
 * @param {string} id
 * @param {(making: Making) => void} tell
 * @param {AbortSignal} signal
 */
export async function followMaking(id, tell, signal) {
  while (!signal.aborted) {
    try {
      let now = await fetchMaking(id);
      tell(now);
      if (isOver(now)) return;
      for await (const { data } of events(`/playlist-generations/${encodeURIComponent(id)}/events`, signal)) {
        now = { ...now, ...JSON.parse(data) };
        tell(now);
        if (isOver(now)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const why = refusal(error);
      // A server that starts anew, or a network that went away, comes back.
      if (error instanceof Refusal && why.status >= 400 && why.status < 500 && why.status !== 429) throw why;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** @param {string} user */
const key = (user) => `draft.${user}.playlist`;

/**
 * What was answered and has not become a playlist yet.
 * @param {string} user
 * @returns {Answers}
 */
export function recallAnswers(user) {
  const kept = browser.recall(key(user), /** @type {any} */ (null));
  const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : '');
  return { mood: text(kept?.mood), genre: text(kept?.genre), decade: Number(kept?.decade) || 0 };
}

/**
 * @param {string} user
 * @param {Answers | null} answers null forgets them
 */
export const keepAnswers = (user, answers) => browser.keep(key(user), answers ?? undefined);
