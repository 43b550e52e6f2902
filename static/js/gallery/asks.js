// What can be asked about stills: pictures of calls, their owner's, with whoever is in them.

import { ask } from '../api.js';

/** @import { Somebody } from '../ui/person.js' */

/** @typedef {'pending' | 'given' | 'refused'} Consent */

/** Somebody in a picture, and whether they agree that it is shown. @typedef {{name: string, user: Somebody | null, consent: Consent}} Subject */

/**
 * @typedef {object} Still
 * @property {string} id
 * @property {Somebody | null} owner
 * @property {boolean} mine
 * @property {Consent | null} consent one's own; null when one is not in it
 * @property {string | null} room
 * @property {string} room_title
 * @property {number} width
 * @property {number} height
 * @property {string} png signed, and good for a few minutes
 * @property {string} webp signed, and good for a few minutes
 * @property {Subject[]} people
 * @property {boolean} postable
 * @property {string} created_at
 */

/**
 * @param {string} still
 * @returns {Promise<Still>}
 */
export const fetchStill = (still) => ask(`/stills/${still}`);

/**
 * @param {string} still
 * @param {boolean} given whether one agrees that it is shown to others
 * @returns {Promise<Still>}
 */
export const consentTo = (still, given) => ask(`/stills/${still}/consent`, { method: 'PUT', body: { given } });

/** @param {string} still */
export const deleteStill = (still) => ask(`/stills/${still}`, { method: 'DELETE', keepalive: true });
