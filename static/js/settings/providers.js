// The providers that one can log in with.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';
import { day } from '../ui/day.js';
import { fetchProviders } from '../ui/providers.js';

class SetProviders extends Page {
  static properties = { ...Page.properties, known: { state: true } };

  constructor() {
    super();
    /** @type {import('../ui/providers.js').Provider[]} */
    this.known = [];
    fetchProviders().then((known) => (this.known = known));
  }

  render() {
    const linked = session.me?.providers ?? [];
    const name = (/** @type {string} */ id) => this.known.find((one) => one.id === id)?.name ?? id;
    return html`
      <section class="section" aria-labelledby="set-providers">
        <h2 id="set-providers">${t('set.providers')}</h2>
        ${linked.length
          ? html`<ul class="rows" aria-label=${t('set.providers')}>
              ${linked.map(
                ({ provider, linked_at: since }) => html`
                  <li class="row-person">
                    <span class="row-person-link">
                      <span class="emblem-small">${icon('link')}</span>
                      <span class="row-person-name"><b>${name(provider)}</b><small>${t('set.linked', { when: day(since) })}</small></span>
                    </span>
                  </li>
                `,
              )}
            </ul>`
          : nothing}
        <p class="small">${t(linked.length ? 'set.providers-why' : 'set.providers-none')}</p>
      </section>
    `;
  }
}

customElements.define('mc-set-providers', SetProviders);
