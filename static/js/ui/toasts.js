// A word at the edge of the page that goes away by itself: seen, and said to screen readers without moving anybody's focus.

import { announce } from '../call/announce.js';
import { language, t } from '../i18n.js';
import { Element, html, ifDefined, nothing, repeat } from '../lit.js';
import { watch } from '../store.js';
import { icon } from './icons.js';
import { face } from './person.js';

/** @import { Somebody } from './person.js' */

const STAYS_MS = 7_000;
/** What can be taken back is shown for longer. */
const STAYS_TO_ACT_MS = 12_000;
const MOST = 3;

/** @typedef {{tone?: 'plain' | 'warn', href?: string, person?: Somebody | null, action?: {word: string, act: () => unknown}}} Look */

class Toasts extends Element {
  static properties = { shown: { state: true } };

  #next = 1;

  constructor() {
    super();
    /** @type {(Look & {id: number, text: string})[]} */
    this.shown = [];
    watch(this, language);
  }

  /**
   * @param {string} text
   * @param {Look} look
   */
  show(text, look) {
    const id = this.#next++;
    this.shown = [...this.shown, { id, text, ...look }].slice(-MOST);
    this.#leaveSoon(id, look.action ? STAYS_TO_ACT_MS : STAYS_MS);
  }

  /**
   * @param {number} id
   * @param {number} ms
   */
  #leaveSoon(id, ms) {
    setTimeout(() => {
      // Whoever points at it or has the focus in it is still reading.
      const element = this.querySelector(`[data-toast="${id}"]`);
      if (element?.matches(':hover, :focus-within')) this.#leaveSoon(id, STAYS_MS);
      else this.dismiss(id);
    }, ms);
  }

  /**
   * @param {number} id
   * @param {() => unknown} act
   */
  #act(id, act) {
    this.dismiss(id);
    act();
  }

  /** @param {number} id */
  dismiss(id) {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  render() {
    return repeat(
      this.shown,
      ({ id }) => id,
      ({ id, text, tone = 'plain', href, person, action }) => html`
        <div class="toast" data-toast=${id} data-tone=${tone}>
          ${person ? face(person) : nothing}${tone === 'warn' ? icon('warn') : nothing}
          ${href ? html`<a href=${ifDefined(href)} @click=${() => this.dismiss(id)}>${text}</a>` : html`<span>${text}</span>`}
          ${action ? html`<button class="button quiet" @click=${() => this.#act(id, action.act)}>${action.word}</button>` : nothing}
          <button class="button quiet round" aria-label=${t('dismiss')} @click=${() => this.dismiss(id)}>${icon('close')}</button>
        </div>
      `,
    );
  }
}

customElements.define('mc-toasts', Toasts);

/** @type {Toasts | undefined} */
let toasts;

/**
 * @param {string} text
 * @param {Look} [look] `href`: where it leads; `person`: whose picture stands beside it; `action`: what can be done about it
 */
export function toast(text, look = {}) {
  toasts ??= document.body.appendChild(new Toasts());
  toasts.show(text, look);
  announce(text);
}
