// A mood as others see it: icon, name and colour, never colour alone.

import { sends } from '../call/roster.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { icon } from './icons.js';

/** @import { Person } from '../call/roster.js' */

/** @param {Person} person */
export function badge(person) {
  if (person.effects.mode !== 'mood' || !person.mood || !sends(person, 'video')) return nothing;
  const name = t(`mood.${person.mood}`);
  return html`
    <span class="badge" data-mood=${person.mood} data-aura=${person.mood} title=${t('mood.title', { mood: name })}>
      ${icon(person.mood)}<span>${name}</span>
    </span>
  `;
}
