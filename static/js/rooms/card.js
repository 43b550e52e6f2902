// A room in a list: what it is, who is inside, and the way in.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { ago } from '../people/ago.js';
import { tagsOf } from '../posts/parts.js';
import { icon } from '../ui/icons.js';
import '../ui/menu.js';
import { face } from '../ui/person.js';
import { DOOR_ICONS } from './asks.js';

/** @import { Room } from './asks.js' */

/** Faces that are shown of who is inside. */
const FACES = 4;

/** What a room is called, also when nobody has named it. @param {Pick<Room, 'title' | 'host'>} room */
export const roomName = ({ title, host }) => title || (host ? t('rooms.of', { name: host.nickname }) : t('rooms.unnamed'));

/**
 * @param {Room} room
 * @param {{word: string, icon: string, href?: string, act?: () => unknown}[]} [choices] what one can do about it
 */
export function roomCard(room, choices = []) {
  const { id, description, visibility, capacity, participants, since, people, host, yours } = room;
  const full = participants >= capacity;
  const name = roomName(room);
  return html`
    <li>
      <article class="room-card" aria-labelledby=${`room-${id}`}>
        <div class="room-what">
          <h2 id=${`room-${id}`}>${name}</h2>
          <p class="small room-facts">
            <span>${icon(DOOR_ICONS[visibility])}${t(`rooms.${visibility}`)}</span>
            ${host && !yours ? html`<span>${t('rooms.by', { name: host.nickname })}</span>` : nothing}
            <span>${since ? t('rooms.since', { ago: ago(since) }) : t('rooms.empty-now')}</span>
          </p>
          ${description ? html`<p class="room-for">${description}</p>` : nothing} ${tagsOf(room)}
          <p class="room-inside">
            ${people.slice(0, FACES).map(({ user, name: called }) => face(user ?? { id: called, handle: '', nickname: called }))}
            <span>${t(full ? 'rooms.full' : 'rooms.seats', { count: participants, capacity })}</span>
          </p>
        </div>
        <div class="room-actions">
          ${choices.length ? html`<mc-menu .label=${t('rooms.more', { name })} .choices=${choices}></mc-menu>` : nothing}
          <a class=${full ? 'button' : 'button accent'} href=${`/room/${id}`}>${icon('door')}${t('rooms.enter')}<span class="unseen">&nbsp;${name}</span></a>
        </div>
      </article>
    </li>
  `;
}
