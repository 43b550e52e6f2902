// A room that was looked for, by a word or by a tag: whoever is inside is not told before one comes closer.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { icon } from '../ui/icons.js';
import { roomName } from './card.js';

/** @import { FoundRoom } from './asks.js' */

/** @param {FoundRoom} room */
export const foundRoom = ({ id, title, description, tags, host }) => html`
  <li>
    <a class="row-tag" href=${`/room/${id}`}>
      <span class="emblem">${icon('door')}</span>
      <span class="row-person-name">
        <b>${roomName({ title, host })}</b>
        <small>${t('rooms.by', { name: host.nickname })}${description ? html` · ${description}` : nothing}${tags?.length ? html` · ${tags.map((tag) => `#${tag}`).join(' ')}` : nothing}</small>
      </span>
    </a>
  </li>
`;
