// The providers that one can log in with: linked ones, and those that can be.

import { ask, refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { session } from '../session.js';
import { day } from '../ui/day.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';
import { fetchProviders } from '../ui/providers.js';

class SetProviders extends Page {
  static properties = { ...Page.properties, known: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../ui/providers.js').Provider[]} */
    this.known = [];
    this.trouble = '';
    fetchProviders().then((known) => (this.known = known));
  }

  /** To the provider, and back to the settings. @param {string} provider */
  async #link(provider) {
    this.trouble = '';
    try {
      const { url } = await ask(`/me/identities/${encodeURIComponent(provider)}`, { method: 'POST' });
      location.assign(url);
    } catch (error) {
      this.trouble = explain(refusal(error));
    }
  }

  /** @param {string} provider */
  async #unlink(provider) {
    this.trouble = '';
    try {
      await ask(`/me/identities/${encodeURIComponent(provider)}`, { method: 'DELETE' });
      await session.refresh();
    } catch (error) {
      this.trouble = explain(refusal(error));
    }
  }

  /**
   * @param {string} name
   * @param {string} note
   * @param {unknown} button
   */
  #row(name, note, button) {
    return html`
      <li class="row-person">
        <span class="row-person-link">
          <span class="emblem-small">${icon('link')}</span>
          <span class="row-person-name"><b>${name}</b><small>${note}</small></span>
        </span>
        <span class="row-person-actions">${button}</span>
      </li>
    `;
  }

  render() {
    const linked = session.me?.providers ?? [];
    const others = this.known.filter(({ id }) => !linked.some(({ provider }) => provider === id));
    if (!linked.length && !others.length) return nothing;
    const nameOf = (/** @type {string} */ id) => this.known.find((one) => one.id === id)?.name ?? id;
    return html`
      <section class="section" aria-labelledby="set-providers">
        <h2 id="set-providers">${t('set.providers')}</h2>
        <p class="small">${t('set.providers-why')}</p>
        <ul class="rows" aria-label=${t('set.providers')}>
          ${linked.map(({ provider, linked_at: since }) => {
            const name = nameOf(provider);
            const button = html`<button class="button" @click=${() => this.#unlink(provider)}>${t('set.unlink')}<span class="unseen"> ${name}</span></button>`;
            return this.#row(name, t('set.linked', { when: day(since) }), button);
          })}
          ${others.map(({ id, name }) => {
            const button = html`<button class="button" @click=${() => this.#link(id)}>${t('set.link')}<span class="unseen"> ${name}</span></button>`;
            return this.#row(name, t('set.not-linked'), button);
          })}
        </ul>
        <div role="alert">${this.trouble ? html`<p class="note warn">${icon('warn')}<span>${this.trouble}</span></p>` : nothing}</div>
      </section>
    `;
  }
}

customElements.define('mc-set-providers', SetProviders);
