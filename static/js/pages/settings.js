// One's own settings, in four parts.

import { t } from '../i18n.js';
import { html, ifDefined, nothing } from '../lit.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';
import '../settings/account.js';
import '../settings/deletion.js';
import '../settings/export.js';
import '../settings/log-ins.js';
import '../settings/password.js';
import '../settings/privacy.js';
import '../settings/providers.js';

/** Address of each part, and its icon. */
const SECTIONS = /** @type {const} */ ([
  ['account', 'person'],
  ['security', 'lock'],
  ['privacy', 'eye-off'],
  ['data', 'save'],
]);

class Settings extends Page {
  get #section() {
    return SECTIONS.find(([name]) => name === this.params.section)?.[0] ?? 'account';
  }

  #content() {
    switch (this.#section) {
      case 'security':
        return html`<mc-set-password></mc-set-password><mc-set-log-ins></mc-set-log-ins><mc-set-providers></mc-set-providers>`;
      case 'privacy':
        return html`<mc-set-privacy></mc-set-privacy>`;
      case 'data':
        return html`<mc-set-export></mc-set-export><mc-set-deletion></mc-set-deletion>`;
      default:
        return html`<mc-set-account></mc-set-account>`;
    }
  }

  /** Why an account elsewhere could not be linked. */
  #problem() {
    const code = this.query.get('problem');
    if (!code || this.params.section) return nothing;
    return html`<p class="note warn" role="alert">${icon('warn')}<span>${t(code === 'taken' ? 'set.link-taken' : 'set.link-failed')}</span></p>`;
  }

  render() {
    const section = this.#section;
    this.named(`${t(`set.${section}`)} · ${t('nav.settings')}`);
    return html`
      <main class="page wide settings">
        <h1 tabindex="-1"><span class="quiet-word">${t('nav.settings')}</span> ${t(`set.${section}`)}</h1>
        <nav class="settings-nav" aria-label=${t('nav.settings')}>
          ${SECTIONS.map(
            ([name, picture]) => html`<a href="/settings/${name}" aria-current=${ifDefined(name === section ? 'page' : undefined)}>${icon(picture)}${t(`set.${name}`)}</a>`,
          )}
        </nav>
        <div class="settings-parts">${this.#problem()} ${this.#content()}</div>
      </main>
    `;
  }
}

customElements.define('mc-settings-page', Settings);
