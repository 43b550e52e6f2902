// A still: the picture, who is in it, and whether they agree that it is shown.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { ago, fullTime } from '../people/ago.js';
import { profileOf } from '../ui/person.js';
import { sitters } from './sitters.js';

/** @import { Still } from './asks.js' */

/**
 * @param {Still} still
 * @param {unknown} actions
 */
export function stillCard(still, actions) {
  const { id, owner, mine, png, webp, width, height, room_title: room, created_at: at } = still;
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
          ${sitters(still)}
          <div class="row">${actions}</div>
        </div>
      </article>
    </li>
  `;
}
