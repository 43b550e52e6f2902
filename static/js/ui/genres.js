// What one likes to hear, as chips to press: so many and no more.

import { t } from '../i18n.js';
import { html } from '../lit.js';
import { GENRES, MOST_GENRES } from '../people/genres.js';

/**
 * @param {string[]} chosen
 * @param {(chosen: string[]) => void} choose
 */
export function genreChips(chosen, choose) {
  const full = chosen.length >= MOST_GENRES;
  const press = (/** @type {string} */ genre, /** @type {boolean} */ on) => {
    if (on) choose(chosen.filter((one) => one !== genre));
    else if (!full) choose([...chosen, genre]);
  };
  return html`
    <fieldset class="labelled">
      <legend>${t('account.genres', { most: MOST_GENRES })}</legend>
      <div class="chips">
        ${GENRES.map((genre) => {
          const on = chosen.includes(genre);
          return html`<button type="button" class="chip" aria-pressed=${on} aria-disabled=${full && !on} @click=${() => press(genre, on)}>
            ${t(`genre.${genre}`)}
          </button>`;
        })}
      </div>
    </fieldset>
  `;
}
