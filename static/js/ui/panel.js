// One panel at a time: beside the picture on a wide page, a sheet from below on a narrow one.

import '../call/soundtrack-panel.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';
import './chat.js';
import './effects.js';
import './invite.js';
import './people.js';
import './settings.js';

class Panel extends CallElement {
  constructor() {
    super();
    /** @type {string | null} */
    this.shown = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.addEventListener('keydown', (event) => event.key === 'Escape' && this.#close());
  }

  /** The keyboard follows: into what opened, back to the button that opened it. */
  async updated() {
    const { panel } = this.call.value;
    if (panel === this.shown) return;
    const before = this.shown;
    this.shown = panel;
    if (panel) {
      // Before the next key is pressed, not a frame later: a letter typed in between would be a shortcut.
      await /** @type {CallElement | null} */ (this.querySelector('.panel-body > *'))?.updateComplete;
      const first = panel === 'chat' ? '.composer textarea' : 'h2';
      /** @type {HTMLElement | null} */ (this.querySelector(first))?.focus();
    } else if (before && (this.contains(document.activeElement) || document.activeElement === document.body)) {
      document.getElementById(`open-${before}`)?.focus();
    }
  }

  #close() {
    const { panel } = this.call.value;
    if (!panel) return;
    const opener = document.getElementById(`open-${panel}`);
    this.call.open(null);
    opener?.focus();
  }

  #content() {
    switch (this.call.value.panel) {
      case 'effects':
        return html`<mc-effects .call=${this.call}></mc-effects>`;
      case 'chat':
        return html`<mc-chat .call=${this.call}></mc-chat>`;
      case 'people':
        return html`<mc-people .call=${this.call}></mc-people>`;
      case 'invite':
        return html`<mc-invite .call=${this.call}></mc-invite>`;
      case 'settings':
        return html`<mc-settings .call=${this.call}></mc-settings>`;
      case 'soundtrack':
        return html`<mc-soundtrack-panel .call=${this.call}></mc-soundtrack-panel>`;
      default:
        return nothing;
    }
  }

  render() {
    const { panel } = this.call.value;
    return html`
      <section class="panel" id="panel" aria-label=${panel ? t(`bar.${panel}`) : t('panel.none')} ?hidden=${!panel}>
        ${panel
          ? html`
              <header>
                <h2 tabindex="-1">${t(`bar.${panel}`)}</h2>
                <button class="button quiet round" aria-label=${t('panel.close')} @click=${this.#close}>${icon('close')}</button>
              </header>
              <div class="panel-body">${this.#content()}</div>
            `
          : nothing}
      </section>
    `;
  }
}

customElements.define('mc-panel', Panel);
