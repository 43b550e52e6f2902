// The eight words for a mood, each to be pressed.

import { t } from '../i18n.js';
import { html } from '../lit.js';
import { icon } from '../ui/icons.js';

/** @import { Mood } from '../messages.d.ts' */

/** @type {Mood[]} */
export const MOODS = ['happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise', 'contempt', 'neutral'];

/**
 * @param {(mood: Mood) => unknown} press
 * @param {Mood | ''} [chosen] the one that something is made of right now; no other can be pressed meanwhile
 */
export const moodWords = (press, chosen = '') => html`
  <ul class="chips">
    ${MOODS.map(
      (mood) => html`<li>
        <button type="button" class="chip bring-mood" data-aura=${mood} aria-disabled=${chosen !== ''} @click=${() => press(mood)}>
          ${chosen === mood ? html`<span class="spinner" aria-hidden="true"></span>` : icon(mood)}<span>${t(`mood.${mood}`)}</span>
        </button>
      </li>`,
    )}
  </ul>
`;
