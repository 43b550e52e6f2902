// Before a closed door: one knocks, waits, and is let in or not.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { notices } from '../notices/notices.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { answerKnock, knock } from './asks.js';

/** Event `admitted`. */
class Knocking extends Element {
  static properties = { room: {}, host: {}, state: { state: true }, pending: { state: true }, trouble: { state: true } };

  #knock = '';

  constructor() {
    super();
    this.room = '';
    /** What the host is called. */
    this.host = '';
    /** @type {'before' | 'waiting' | 'refused'} */
    this.state = 'before';
    this.pending = false;
    this.trouble = '';
    watch(this, language);
  }

  connectedCallback() {
    super.connectedCallback();
    notices.addEventListener('door', this.#heard);
    notices.addEventListener('arrived', this.#told);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    notices.removeEventListener('door', this.#heard);
    notices.removeEventListener('arrived', this.#told);
  }

  #heard = (/** @type {Event} */ event) => {
    const { type, room } = /** @type {CustomEvent} */ (event).detail;
    if (room !== this.room) return;
    if (type === 'admitted') this.#admitted();
    else if (this.state === 'waiting') {
      this.state = 'refused';
      announce(t('knock.refused', { name: this.host }));
    }
  };

  #told = (/** @type {Event} */ event) => {
    const { kind, subject } = /** @type {CustomEvent} */ (event).detail;
    if (kind === 'room-admitted' && subject === this.room) this.#admitted();
  };

  #admitted() {
    announce(t('knock.admitted'));
    this.dispatchEvent(new Event('admitted'));
  }

  async #ask() {
    if (this.pending) return;
    this.pending = true;
    this.trouble = '';
    try {
      this.#knock = (await knock(this.room)).id;
      this.state = 'waiting';
      announce(t('knock.waiting', { name: this.host }));
    } catch (error) {
      const why = refusal(error);
      if (why.code === 'already') this.#admitted();
      else this.trouble = explain(why);
    } finally {
      this.pending = false;
    }
  }

  async #withdraw() {
    this.state = 'before';
    await answerKnock(this.room, this.#knock, 'withdrawn').catch(() => {});
    await this.updateComplete;
    this.querySelector('button')?.focus();
  }

  render() {
    const name = this.host;
    if (this.state === 'waiting') {
      return html`
        <p class="note" role="status"><span class="spinner" aria-hidden="true"></span><span>${t('knock.waiting', { name })}</span></p>
        <button type="button" class="button" @click=${this.#withdraw}>${t('knock.withdraw')}</button>
      `;
    }
    return html`
      ${this.state === 'refused' ? html`<p class="note">${icon('info')}<span>${t('knock.refused', { name })}</span></p>` : nothing}
      <button type="button" class="button accent big" ?disabled=${this.pending} @click=${this.#ask}>${icon('door')}${t('knock.do')}</button>
      <div role="alert">${this.trouble ? html`<p class="note warn">${icon('warn')}<span>${this.trouble}</span></p>` : nothing}</div>
    `;
  }
}

customElements.define('mc-knocking', Knocking);
