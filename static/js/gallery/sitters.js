// Who is in a still, and whether each of them agrees that it is shown.

import { t } from '../i18n.js';
import { html } from '../lit.js';
import { icon } from '../ui/icons.js';
import { face } from '../ui/person.js';

/** @import { Consent, Still } from './asks.js' */

/** @type {Record<Consent, string>} */
const CONSENT_ICONS = { pending: 'clock', given: 'check', refused: 'close' };

/** @param {Still} still */
export const sitters = ({ people }) => html`
  <ul class="still-people" aria-label=${t('still.people')}>
    ${people.map(
      ({ name, user, consent }) => html`
        <li data-consent=${consent}>
          ${face(user ?? { id: name, handle: '', nickname: name })}
          <span>${name}<small>${icon(CONSENT_ICONS[consent])}${t(user || consent !== 'pending' ? `still.is-${consent}` : 'still.is-guest')}</small></span>
        </li>
      `,
    )}
  </ul>
`;
