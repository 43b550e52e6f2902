// A field for something to say: grows with the text, counts near its end, and keeps what was typed when it could not be sent.

import { freshKey } from '../api.js';
import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { watch } from '../store.js';
import { Form } from '../ui/form.js';
import { MOST_COMMENT } from './asks.js';

/** From here on it says how many characters are left. */
const COUNTED = 100;

const MAC = /mac|iphone|ipad/i.test(navigator.userAgent);

class Composer extends Element {
  static properties = { label: {}, word: {}, cancels: { type: Boolean } };

  #key = freshKey();
  /** @type {Form} */
  // @ts-expect-error set before the first rendering
  #form;

  constructor() {
    super();
    this.label = '';
    /** What the button says. */
    this.word = '';
    /** What the field begins with. */
    this.text = '';
    /** A name under which the text outlives a reload of this tab. */
    this.keep = '';
    this.cancels = false;
    /** @type {(text: string, key: string) => Promise<unknown>} */
    this.send = async () => {};
    watch(this, language);
  }

  willUpdate() {
    this.#form ??= new Form(this, { body: this.text }, this.keep || undefined);
  }

  /** Into the field, behind what stands there. */
  firstUpdated() {
    if (!this.cancels) return;
    const field = this.querySelector('textarea');
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  async #send() {
    const body = this.#form.values.body.normalize('NFC').trim();
    if (!body) return this.#form.reject({ body: t('form.needed') });
    if ([...body].length > MOST_COMMENT) return this.#form.reject({ body: t('comment.long', { most: MOST_COMMENT }) });
    await this.send(body, this.#key);
    this.#key = freshKey();
    this.#form.set('body', '');
    this.#form.forget();
  }

  #cancel() {
    this.#form.forget();
    this.dispatchEvent(new Event('cancel'));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.querySelector('form')?.requestSubmit();
    }
    if (event.key === 'Escape' && this.cancels) {
      event.stopPropagation();
      this.#cancel();
    }
  }

  render() {
    const form = this.#form;
    const left = MOST_COMMENT - [...form.values.body.normalize('NFC')].length;
    const hint = left <= COUNTED ? t('comment.left', { count: left }) : undefined;
    return html`
      <form class="composer-form" novalidate @submit=${form.submit(() => this.#send())} @keydown=${this.#pressed}>
        ${form.field({ name: 'body', label: this.label, rows: 2, hint })} ${form.trouble()}
        <div class="row">
          ${form.button(this.word, { look: 'accent' })}
          ${this.cancels ? html`<button type="button" class="button quiet" @click=${this.#cancel}>${t('confirm.cancel')}</button>` : nothing}
          ${matchMedia('(pointer: fine)').matches ? html`<span class="small composer-keys"><kbd>${MAC ? '⌘' : 'Ctrl'}</kbd> <kbd>Enter</kbd></span>` : nothing}
        </div>
      </form>
    `;
  }
}

customElements.define('mc-composer', Composer);
