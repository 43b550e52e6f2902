// What is behind us: the choice, the consent that following the mood needs, and seeing ourselves as others do.

import { browser, tab } from '../memory.js';

/** @import { Effects, Mood } from '../messages.d.ts' */

/** The scenes, in the order in which they are shown; the name is that of the mood they were made for. */
export const SCENES = /** @type {Mood[]} */ ([
  'happiness',
  'sadness',
  'anger',
  'fear',
  'disgust',
  'surprise',
  'contempt',
  'neutral',
]);

/** @type {Effects} */
export const OFF = { mode: 'off' };

/**
 * @param {Effects} a
 * @param {Effects} b
 */
export const sameEffects = (a, b) =>
  a.mode === b.mode && (a.mode !== 'scene' || b.mode !== 'scene' || a.scene === b.scene);

/**
 * The wish outlives a reload, the consent too, but only in this tab and this room.
 * @param {string} room
 */
export function effectsMemory(room) {
  return {
    /** @returns {Effects} */
    wished: () => tab.recall(`effects.${room}`, OFF),
    /** @param {Effects} effects */
    wish: (effects) => tab.keep(`effects.${room}`, effects.mode === 'off' ? undefined : effects),
    agreed: () => tab.recall(`consent.${room}`, false),
    /** @param {boolean} agreed */
    agree: (agreed) => tab.keep(`consent.${room}`, agreed || undefined),
    shares: () => browser.recall('share-mood', true),
    /** @param {boolean} shares */
    share: (shares) => browser.keep('share-mood', shares),
    asOthersSee: () => browser.recall('as-others-see', true),
    /** @param {boolean} on */
    seeAsOthers: (on) => browser.keep('as-others-see', on),
  };
}
