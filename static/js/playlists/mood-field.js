// The big field in which somebody says how they feel: Enter goes on, and the characters are counted.

import { t } from '../i18n.js';
import { html, ifDefined, live, nothing } from '../lit.js';
import { icon } from '../ui/icons.js';
import { MOST_MOOD } from './making.js';

/**
 * The field `mood` of a form.
 * @param {import('../ui/form.js').Form} form
 * @param {{label: string, hint: string, input: (text: string) => void}} field
 */
export function moodField(form, { label, hint, input }) {
  const text = String(form.values.mood ?? '');
  const error = form.errors.mood;
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    // While Hangul is being composed, keys belong to the input method.
    if (event.key !== 'Enter' || event.isComposing || event.shiftKey) return;
    event.preventDefault();
    /** @type {HTMLTextAreaElement} */ (event.target).form?.requestSubmit();
  };
  return html`
    <div class="labelled">
      <label class="unseen" for="mood">${label}</label>
      <textarea
        id="mood"
        class="field mood-field"
        name="mood"
        rows="3"
        maxlength=${MOST_MOOD}
        autocomplete="off"
        enterkeyhint="next"
        placeholder=${hint}
        aria-invalid=${error ? 'true' : 'false'}
        aria-describedby=${ifDefined(error ? 'mood-error mood-count' : 'mood-count')}
        .value=${live(text)}
        @input=${(/** @type {Event} */ event) => input(/** @type {HTMLTextAreaElement} */ (event.target).value)}
        @keydown=${pressed}
      ></textarea>
      ${error ? html`<p class="field-error" id="mood-error">${icon('warn')}<span>${error}</span></p>` : nothing}
      <p class="small count" id="mood-count"><span aria-hidden="true">${[...text].length} / ${MOST_MOOD}</span><span class="unseen">${t('wizard.count', { count: [...text].length, most: MOST_MOOD })}</span></p>
    </div>
  `;
}
