// What a call looks like, drawn: two people before scenes that take turns. Decoration only.

import { t } from '../i18n.js';
import { html, svg } from '../lit.js';
import { icon } from './icons.js';

/** Two people in different moods at any time. */
const TURNS = [
  ['happiness', 'sadness', 'surprise', 'fear'],
  ['surprise', 'happiness', 'fear', 'neutral'],
];

/** Head and shoulders, on a grid of 100. */
const FIGURES = [
  'M50 20c12 0 19 9 19 21 0 8-3 15-8 19v6c12 3 23 9 27 34H12c4-25 15-31 27-34v-6c-5-4-8-11-8-19 0-12 7-21 19-21z',
  'M50 22c15 0 23 10 23 25 0 9 3 16 5 21-5 3-10 4-14 3l-1 1c11 3 20 9 24 28H13c4-19 13-25 24-28l-1-1c-4 1-9 0-14-3 2-5 5-12 5-21 0-15 8-25 23-25z',
];

/** @param {number} who */
const person = (who) => html`
  <svg class="figure" viewBox="0 0 100 100" preserveAspectRatio="xMidYMax meet">
    ${svg`<path d=${FIGURES[who] ?? ''} />`}
  </svg>
`;

/**
 * @param {number} who
 * @param {string[]} moods
 */
const card = (who, moods) => html`
  <div class="show" data-who=${who}>
    ${moods.map((mood, turn) => html`<i class="turn scene" data-turn=${turn} data-aura=${mood} data-scene=${mood}></i>`)}
    ${person(who)}
    ${moods.map(
      (mood, turn) => html`<span class="turn badge" data-turn=${turn} data-aura=${mood}>${icon(mood)}<span>${t(`mood.${mood}`)}</span></span>`,
    )}
  </div>
`;

export const showcase = () => html`<div class="showcase" aria-hidden="true">${TURNS.map((moods, who) => card(who, moods))}</div>`;
