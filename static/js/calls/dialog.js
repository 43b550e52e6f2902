// Somebody rings, or one rings somebody: over every page, with a sound, until it is answered.

import { announce } from '../call/announce.js';
import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { face } from '../ui/person.js';
import { ring } from './bell.js';
import { rings } from './ringing.js';

/** @import { Ringing } from './ringing.js' */

class RingingDialog extends Element {
  static properties = { silent: { state: true } };

  #stop = () => {};
  #call = '';
  #title = '';

  constructor() {
    super();
    /** Whether somebody wants quiet while they decide. */
    this.silent = false;
    watch(this, language);
    watch(this, rings);
  }

  get #dialog() {
    return this.querySelector('dialog');
  }

  updated() {
    const { now } = rings.value;
    const dialog = this.#dialog;
    if (!dialog) return;
    if (now && !dialog.open) {
      dialog.showModal();
      // Nobody who is just typing something should accept a call by it.
      dialog.querySelector('h2')?.focus();
    }
    if (!now && dialog.open) dialog.close();
    if (now && now.status !== 'ringing' && now.id === this.#call) announce(this.#words(now));
    const loud = now?.status === 'ringing' ? now.id : '';
    if (loud === this.#call) return;
    this.#call = loud;
    this.silent = false;
    this.#stop();
    this.#stop = () => {};
    if (this.#title) document.title = this.#title;
    this.#title = '';
    if (!now || !loud) return;
    this.#title = document.title;
    document.title = this.#words(now);
    if (now.direction === 'incoming' || now.here) this.#stop = ring(now.direction);
  }

  #silence() {
    this.#stop();
    this.silent = true;
  }

  /** Escape wants quiet, not to decline: what is closed by mistake cannot be had back. */
  #cancel(/** @type {Event} */ event) {
    event.preventDefault();
    const { now } = rings.value;
    if (now?.status === 'ringing') this.#silence();
    else rings.close();
  }

  /** @param {Ringing} now */
  #words({ direction, status, person, video }) {
    const name = person.nickname;
    if (direction === 'incoming') return t(video ? 'ring.video' : 'ring.voice', { name });
    return t(`ring.${status}`, { name });
  }

  #incoming() {
    return html`
      <div class="ring-answers">
        <button type="button" class="button accent big" ?data-pending=${rings.value.pending} @click=${() => rings.accept(true)}>${icon('camera')}${t('ring.accept-camera')}</button>
        <button type="button" class="button big" @click=${() => rings.accept(false)}>${icon('microphone')}${t('ring.accept-voice')}</button>
        <button type="button" class="button danger big" @click=${() => rings.close()}>${icon('leave')}${t('ring.decline')}</button>
      </div>
      ${this.silent ? nothing : html`<button type="button" class="button quiet" @click=${this.#silence}>${icon('off')}${t('ring.silence')}</button>`}
    `;
  }

  /** @param {Ringing} now */
  #outgoing({ status, person }) {
    if (status === 'ringing') return html`<button type="button" class="button danger big" @click=${() => rings.close()}>${icon('leave')}${t('ring.cancel')}</button>`;
    return html`
      <div class="row">
        <button type="button" class="button" @click=${() => rings.close()}>${t('ring.fine')}</button>
        <button type="button" class="button accent" @click=${async () => {
          await rings.close();
          await rings.call(person);
        }}>${icon('phone')}${t('ring.again')}</button>
      </div>
    `;
  }

  render() {
    const { now } = rings.value;
    return html`
      <dialog class="confirm ring" aria-labelledby="ring-title" data-status=${now?.status ?? nothing} @cancel=${this.#cancel}>
        ${now
          ? html`
              <span class="ring-face" ?data-ringing=${now.status === 'ringing'}>${face(now.person, 'huge')}</span>
              <h2 id="ring-title" tabindex="-1">${this.#words(now)}</h2>
              ${now.direction === 'incoming' ? this.#incoming() : this.#outgoing(now)}
            `
          : nothing}
      </dialog>
    `;
  }
}

customElements.define('mc-ringing', RingingDialog);
