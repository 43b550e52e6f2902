// What one agreed to, and whom one does not want to meet.

import { ask, refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { session } from '../session.js';
import { TERMS_VERSION, terms } from '../ui/consents.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';

const PURPOSES = /** @type {const} */ (['expression', 'news']);

class Privacy extends Page {
  static properties = { ...Page.properties, trouble: { state: true } };

  constructor() {
    super();
    this.trouble = '';
  }

  /** @param {string} purpose */
  #granted(purpose) {
    return Boolean(session.me?.consents?.find((consent) => consent.purpose === purpose)?.granted);
  }

  /**
   * @param {string} purpose
   * @param {boolean} granted
   */
  async #decide(purpose, granted) {
    this.trouble = '';
    try {
      const consent = await ask(`/me/consents/${purpose}`, { method: 'PUT', body: { granted, version: TERMS_VERSION } });
      const others = session.me?.consents?.filter((one) => one.purpose !== purpose) ?? [];
      session.changed({ consents: [...others, consent] });
    } catch (error) {
      this.trouble = explain(refusal(error));
      this.requestUpdate();
    }
  }

  render() {
    return html`
      <section class="section" aria-labelledby="set-consents">
        <h2 id="set-consents">${t('set.consents')}</h2>
        ${PURPOSES.map(
          (purpose) => html`
            <div>
              <label class="switch">
                <input
                  type="checkbox"
                  role="switch"
                  aria-describedby="set-${purpose}-why"
                  .checked=${this.#granted(purpose)}
                  @change=${(/** @type {Event} */ e) => this.#decide(purpose, /** @type {HTMLInputElement} */ (e.target).checked)}
                />
                <span>${t(`consent.${purpose}`)}</span>
              </label>
              <p class="small" id="set-${purpose}-why">${t(`consent.${purpose}-why`)}</p>
            </div>
          `,
        )}
        <div role="alert">${this.trouble ? html`<p class="note warn">${icon('warn')}<span>${this.trouble}</span></p>` : nothing}</div>
        ${terms()}
      </section>
      <section class="section" aria-labelledby="set-blocked">
        <h2 id="set-blocked">${t('set.blocked')}</h2>
        <p class="small">${t('set.blocked-why')}</p>
        <a class="button" href="/settings/blocked">${t('set.blocked-list')}</a>
      </section>
    `;
  }
}

customElements.define('mc-set-privacy', Privacy);
