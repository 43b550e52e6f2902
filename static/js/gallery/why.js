// Why a still may not be shown to others yet, in words.

import { t } from '../i18n.js';

/** @import { Still } from './asks.js' */

/** @param {Still} still */
export function whyNot({ people }) {
  const names = (/** @type {'pending' | 'refused'} */ consent) => people.filter((one) => one.consent === consent && one.user).map(({ name }) => name);
  const guests = people.filter((one) => !one.user && one.consent !== 'given').map(({ name }) => name);
  if (names('refused').length) return t('still.refused', { names: names('refused').join(', ') });
  if (guests.length) return t('still.guests', { names: guests.join(', ') });
  return t('still.pending', { names: names('pending').join(', ') });
}
