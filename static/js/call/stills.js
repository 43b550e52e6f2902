// What a still shows besides the people: remembered for this browser.

import { browser } from '../memory.js';

/** @typedef {{names: boolean, time: boolean}} StillOptions */

/** @returns {StillOptions} */
export const stillOptions = () => browser.recall('still', { names: true, time: true });

/** @param {StillOptions} options */
export const keepStillOptions = (options) => browser.keep('still', options);
