// A mood as others see it: icon, name and colour, never colour alone.

import { sends } from '../call/roster.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { icon } from './icons.js';

/** @import { Person } from '../call/roster.js' */

/**
 * @param {Person} person
 * @param {() => void} [press] what a touch does, where it does something: then it says so
 */
export function badge(person, press) {
  if (person.effects.mode !== 'mood' || !person.mood || !sends(person, 'video')) return nothing;
  const name = t(`mood.${person.mood}`);
  const title = t('mood.title', { mood: name });
  const words = html`${icon(person.mood)}<span>${name}</span>`;
  return press
    ? html`<button type="button" class="badge badge-button" data-mood=${person.mood} data-aura=${person.mood} title=${title} aria-label=${t('mood.bring', { mood: name })} @click=${press}>${words}</button>`
    : html`<span class="badge" data-mood=${person.mood} data-aura=${person.mood} title=${title}>${words}</span>`;
}
