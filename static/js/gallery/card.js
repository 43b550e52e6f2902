// A still: the picture, who is in it, and whether they agree that it is shown.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { ago, fullTime } from '../people/ago.js';
import { icon } from '../ui/icons.js';
import { face, profileOf } from '../ui/person.js';

/** @import { Consent, Still } from './asks.js' */

/** @type {Record<Consent, string>} */
const CONSENT_ICONS = { pending: 'clock', given: 'check', refused: 'close' };

/**
 * @param {Still} still
 * @param {unknown} actions
 */
export function stillCard(still, actions) {
  const { id, owner, mine, png, webp, width, height, room_title: room, created_at: at, people } = still;
  const name = t('still.of', { room: room || t('still.a-call'), ago: ago(at) });
  return html`
    <li>
      <article class="still-card" aria-labelledby=${`still-${id}`}>
        <a class="still-picture" href=${png} target="_blank" rel="noopener">
          <img src=${webp} width=${width} height=${height} alt=${t('still.alt-of', { name })} loading="lazy" decoding="async" />
        </a>
        <div class="still-words">
          <h2 id=${`still-${id}`}><time datetime=${at} title=${fullTime(at)}>${name}</time></h2>
          ${mine || !owner ? nothing : html`<p class="small">${t('still.taken-by')} <a href=${profileOf(owner)}>${owner.nickname}</a></p>`}
          <ul class="still-people" aria-label=${t('still.people')}>
            ${people.map(
              ({ name: called, user, consent }) => html`
                <li data-consent=${consent}>
                  ${face(user ?? { id: called, handle: '', nickname: called })}
                  <span>${called}<small>${icon(CONSENT_ICONS[consent])}${t(user || consent !== 'pending' ? `still.is-${consent}` : 'still.is-guest')}</small></span>
                </li>
              `,
            )}
          </ul>
          <div class="row">${actions}</div>
        </div>
      </article>
    </li>
  `;
}
