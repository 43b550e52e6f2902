// Logging in elsewhere: one button for each provider that the server knows.

import { ask } from '../api.js';
import { t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { language } from '../i18n.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { icon } from './icons.js';

/** @typedef {{id: string, name: string}} Provider */

/** @type {Promise<Provider[]> | undefined} */
let known;

/** @returns {Promise<Provider[]>} none when the server cannot be asked */
export function fetchProviders() {
  known ??= ask('/oidc/providers', { anonymous: true }).then(({ items }) => items);
  return known.catch(() => {
    known = undefined;
    return [];
  });
}

/**
 * Where a log-in at a provider begins; it comes back to `next`.
 * @param {string} provider
 * @param {string} next an address of this site
 */
export const authorizeAt = (provider, next) =>
  `/api/v1/oidc/${encodeURIComponent(provider)}/authorize?${new URLSearchParams({ return_to: next })}`;

class Providers extends Element {
  static properties = { next: {}, list: { state: true } };

  constructor() {
    super();
    this.next = '/';
    /** @type {Provider[]} */
    this.list = [];
    watch(this, language);
    fetchProviders().then((list) => (this.list = list));
  }

  render() {
    if (!this.list.length) return nothing;
    return html`
      <p class="or">${t('providers.or')}</p>
      <ul class="providers">
        ${this.list.map(
          ({ id, name }) => html`
            <li><a class="button wide" data-provider=${id} href=${authorizeAt(id, this.next)} @click=${() => session.expectReturn()}>
              ${icon('exit')}${t('providers.with', { name })}
            </a></li>
          `,
        )}
      </ul>
    `;
  }
}

customElements.define('mc-providers', Providers);
