// Signing up: the address, the code that came there, then a name and a password. Who comes from a provider brings the
// address along, if the provider vouches for it.

import { ask } from '../api.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { tab } from '../memory.js';
import { go, within } from '../router.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { failed, loading } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { forgetVerification } from '../ui/verification.js';
import '../ui/account-form.js';
import '../ui/providers.js';

/** @typedef {{provider: string, provider_name?: string, email?: string | null, email_verified?: boolean, nickname?: string | null}} Pending */
/** @typedef {{proof: string, email: string}} Proof */

/** Where the proof waits for a reload; it is good for some minutes. */
const PROOF = 'signup.proof';

class SignUp extends Page {
  static properties = { ...Page.properties, proof: { state: true }, pending: { state: true }, state: { state: true }, stage: { state: true } };

  constructor() {
    super();
    this.next = within(this.query.get('next'));
    this.social = this.query.get('social') === '1';
    /** @type {Proof | null} */
    this.proof = tab.recall(PROOF, null);
    /** Who the provider says it is. @type {Pending | null} */
    this.pending = null;
    /** @type {'ready' | 'loading' | 'failed'} */
    this.state = 'ready';
    /** Which of the first two steps. */
    this.stage = 'address';
    if (this.social) this.#fetchPending();
  }

  connectedCallback() {
    super.connectedCallback();
    queueMicrotask(() => session.me && this.isConnected && go(this.next, { replace: true }));
  }

  async #fetchPending() {
    this.state = 'loading';
    try {
      this.pending = await ask('/oidc/pending', { anonymous: true });
      this.state = 'ready';
    } catch {
      this.state = 'failed';
    }
  }

  /** @param {Proof} proof */
  async #proved(proof) {
    this.proof = proof;
    tab.keep(PROOF, proof);
    await this.updateComplete;
    this.querySelector('h1')?.focus();
  }

  /** The code was used or is too old: back to the address, nothing else lost. */
  #unproved() {
    this.proof = null;
    tab.keep(PROOF, undefined);
    forgetVerification();
  }

  #done() {
    tab.keep(PROOF, undefined);
    go(this.next, { replace: true });
  }

  /** Whether the address is known to be theirs. */
  get #proven() {
    return Boolean(this.proof || (this.pending?.email && this.pending.email_verified));
  }

  #steps() {
    const at = this.#proven ? 2 : this.stage === 'code' ? 1 : 0;
    return html`
      <ol class="steps" aria-label=${t('sign-up.steps')}>
        ${['address', 'code', 'you'].map(
          (name, i) => html`<li aria-current=${i === at ? 'step' : 'false'} ?data-done=${i < at}>${t(`sign-up.step-${name}`)}</li>`,
        )}
      </ol>
    `;
  }

  #content() {
    if (this.state === 'loading') return loading();
    if (this.state === 'failed') {
      return html`${failed(t('sign-up.no-pending'), () => go('/login'))}`;
    }
    if (!this.#proven) {
      return html`
        ${this.social ? html`<p class="note">${icon('info')}<span>${t('sign-up.provider-no-email')}</span></p>` : nothing}
        <mc-verification
          @proved=${(/** @type {CustomEvent<Proof>} */ event) => this.#proved(event.detail)}
          @stage=${(/** @type {CustomEvent<string>} */ event) => (this.stage = event.detail)}
        ></mc-verification>
        ${this.social
          ? nothing
          : html`<mc-providers .next=${this.next}></mc-providers>
              <p class="small">${t('sign-up.member')} <a href="/login">${t('nav.log-in')}</a></p>`}
      `;
    }
    return html`<mc-account-form
      .proof=${this.proof}
      .pending=${this.pending}
      @done=${this.#done}
      @unproved=${this.#unproved}
    ></mc-account-form>`;
  }

  render() {
    this.named(t('sign-up.title'));
    return html`
      <main class="page card">
        <h1 tabindex="-1">${t(this.#proven ? 'sign-up.you' : 'sign-up.title')}</h1>
        ${this.#steps()} ${this.#content()}
      </main>
    `;
  }
}

customElements.define('mc-sign-up', SignUp);
