// Proving an e-mail address: the address, then the code that was sent there. What was reached outlives a reload.

import { ask, refusal } from '../api.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { tab } from '../memory.js';
import { watch } from '../store.js';
import { Form } from './form.js';
import { icon } from './icons.js';

/** @typedef {{id: string, email: string, again: number}} Sent `again`: when another code may be asked for, in ms */

const KEPT = 'verification';
/** Between two codes, if the server does not say, in s. */
const PAUSE_S = 60;
const DIGITS = 6;

/** Events: `proved` (detail: {proof, email}), `stage` (detail: `address` or `code`). */
class Verification extends Element {
  static properties = { sent: { state: true }, seconds: { state: true }, note: { state: true } };

  #timer = 0;

  constructor() {
    super();
    /** @type {Sent | null} */
    this.sent = tab.recall(KEPT, null);
    this.seconds = 0;
    this.note = '';
    this.form = new Form(this, { email: '', code: '' }, 'verification');
    watch(this, language);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#timer = window.setInterval(() => this.#tick(), 500);
    this.#tick();
    queueMicrotask(() => this.#tell());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  #tick() {
    this.seconds = this.sent ? Math.max(0, Math.ceil((this.sent.again - Date.now()) / 1000)) : 0;
  }

  /** @param {Sent | null} sent */
  #keep(sent) {
    this.sent = sent;
    tab.keep(KEPT, sent ?? undefined);
    this.#tick();
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new CustomEvent('stage', { detail: this.sent ? 'code' : 'address' }));
  }

  async #send() {
    const email = this.form.values.email.trim();
    const { id, resend_after: resend } = await ask('/email-verifications', { method: 'POST', body: { email }, anonymous: true });
    this.form.set('code', '');
    this.#keep({ id, email, again: resend ? Date.parse(resend) : Date.now() + PAUSE_S * 1000 });
    await this.updateComplete;
    this.querySelector('input')?.focus();
  }

  async #again() {
    this.note = '';
    try {
      await this.#send();
      this.note = t('verify.sent-again');
    } catch (error) {
      const { wait } = refusal(error);
      if (this.sent && wait) this.#keep({ ...this.sent, again: Date.now() + wait * 1000 });
      this.form.reject({}, explain(refusal(error)));
    }
  }

  async #prove() {
    if (!this.sent) return;
    const { id, email } = this.sent;
    const { proof } = await ask(`/email-verifications/${id}`, { method: 'PUT', body: { code: this.form.values.code }, anonymous: true });
    tab.keep(KEPT, undefined);
    this.form.forget();
    this.dispatchEvent(new CustomEvent('proved', { detail: { proof, email } }));
  }

  /** Whatever was pasted, only its digits; the last one sends. @param {string} typed */
  #typed(typed) {
    const code = typed.normalize('NFKC').replace(/\D/g, '').slice(0, DIGITS);
    this.form.set('code', code);
    if (code.length === DIGITS) this.updateComplete.then(() => this.querySelector('form')?.requestSubmit());
  }

  #another() {
    this.#keep(null);
    this.note = '';
    this.form.set('code', '');
    this.updateComplete.then(() => this.querySelector('input')?.focus());
  }

  /** @param {Sent} sent */
  #code(sent) {
    return html`
      <p class="lead">${t('verify.sent', { email: sent.email })}</p>
      <form class="form code" novalidate @submit=${this.form.submit(() => this.#prove())}>
        ${this.form.field({
          name: 'code',
          label: t('verify.code'),
          autocomplete: 'one-time-code',
          inputmode: 'numeric',
          required: true,
          pattern: '[0-9]{6}',
          title: t('verify.six'),
          input: (value) => this.#typed(value),
        })}
        ${this.form.trouble()} ${this.form.button(t('verify.go'))}
      </form>
      <div class="row">
        <button type="button" class="button quiet" aria-disabled=${this.seconds > 0} @click=${() => this.seconds || this.#again()}>
          ${this.seconds ? t('verify.again-in', { seconds: this.seconds }) : t('verify.again')}
        </button>
        <button type="button" class="button quiet" @click=${this.#another}>${t('verify.other')}</button>
      </div>
      <p class="small" role="status">${this.note ? html`${icon('check')}${this.note}` : nothing}</p>
      <p class="small">${t('verify.nothing-came')}</p>
    `;
  }

  #email() {
    return html`
      <form class="form" novalidate @submit=${this.form.submit(() => this.#send())}>
        ${this.form.field({ name: 'email', label: t('account.email'), type: 'email', autocomplete: 'email', inputmode: 'email', required: true, maxlength: 254, hint: t('verify.why') })}
        ${this.form.trouble()} ${this.form.button(t('verify.send'))}
      </form>
    `;
  }

  render() {
    return this.sent ? this.#code(this.sent) : this.#email();
  }
}

customElements.define('mc-verification', Verification);

/** Forgets a code that was asked for. */
export const forgetVerification = () => tab.keep(KEPT, undefined);
