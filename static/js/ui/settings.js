// Devices, what stills show, language and look.

import { shortcutsOn, turnShortcuts, SHORTCUTS } from '../call/shortcuts.js';
import { keepStillOptions, stillOptions } from '../call/stills.js';
import { LANGUAGES, choose, current, t } from '../i18n.js';
import { html } from '../lit.js';
import { LOOKS, chooseLook, look } from '../look.js';
import { CallElement } from './element.js';
import './pickers.js';

const LANGUAGE_NAMES = { ko: '한국어', en: 'English' };

class Settings extends CallElement {
  /**
   * @param {string} label
   * @param {boolean} on
   * @param {(on: boolean) => void} turn
   */
  #check(label, on, turn) {
    return html`
      <label class="switch">
        <input type="checkbox" role="switch" .checked=${on} @change=${(/** @type {Event} */ e) => {
          turn(/** @type {HTMLInputElement} */ (e.target).checked);
          this.requestUpdate();
        }} />
        <span>${label}</span>
      </label>
    `;
  }

  render() {
    const still = stillOptions();
    return html`
      <mc-pickers .media=${this.call.media}></mc-pickers>
      <fieldset>
        <legend>${t('settings.stills')}</legend>
        ${this.#check(t('settings.names'), still.names, (names) => keepStillOptions({ ...still, names }))}
        ${this.#check(t('settings.time'), still.time, (time) => keepStillOptions({ ...still, time }))}
      </fieldset>
      <fieldset>
        <legend>${t('settings.look')}</legend>
        <div class="segments">
          ${LOOKS.map(
            (one) => html`<label><input type="radio" name="look" .checked=${one === look()} @change=${() => chooseLook(one)} /><span>${t(`look.${one}`)}</span></label>`,
          )}
        </div>
      </fieldset>
      <fieldset>
        <legend>${t('settings.language')}</legend>
        <div class="segments">
          ${LANGUAGES.map(
            (one) => html`<label lang=${one}><input type="radio" name="language" .checked=${one === current()} @change=${() => choose(one)} /><span>${LANGUAGE_NAMES[one]}</span></label>`,
          )}
        </div>
      </fieldset>
      <fieldset>
        <legend>${t('settings.keys')}</legend>
        ${this.#check(t('settings.keys-on'), shortcutsOn(), turnShortcuts)}
        <dl class="keys">
          ${SHORTCUTS.map(({ key, name }) => html`<div><dt><kbd>${key.toUpperCase()}</kbd></dt><dd>${t(name)}</dd></div>`)}
        </dl>
      </fieldset>
    `;
  }
}

customElements.define('mc-settings', Settings);
