// A number as people read it: short when it is large.

import { current } from '../i18n.js';

/** @param {number} count */
export const figure = (count) => count.toLocaleString(current(), { notation: count < 10_000 ? 'standard' : 'compact', maximumFractionDigits: 1 });
