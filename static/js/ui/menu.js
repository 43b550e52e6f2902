// A button with more to do behind it: what opens stands beside it and closes by itself.

import { language } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { watch } from '../store.js';
import { icon } from './icons.js';

/** Between the button, the menu and the edge of the screen, in px. */
const GAP = 8;

/** @typedef {{word: string, icon: string, href?: string, act?: () => unknown}} Choice */

/** Menus so far, for identifiers. */
let menus = 0;

class Menu extends Element {
  static properties = { label: {}, choices: {} };

  #id = `menu-${(menus += 1)}`;

  constructor() {
    super();
    this.label = '';
    /** @type {Choice[]} */
    this.choices = [];
    watch(this, language);
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('scroll', this.#place, { passive: true });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('scroll', this.#place);
  }

  /** @returns {HTMLElement | null} */
  get #list() {
    return this.querySelector('.menu');
  }

  #close = () => {
    if (this.#list?.matches(':popover-open')) this.#list.hidePopover();
  };

  /** Below the button, or above it where the screen ends; with the button, while the page scrolls under it. */
  #place = () => {
    const list = this.#list;
    const button = this.querySelector('button')?.getBoundingClientRect();
    if (!list || !button || !list.matches(':popover-open')) return;
    if (button.bottom < 0 || button.top > innerHeight) return this.#close();
    const { width, height } = list.getBoundingClientRect();
    const below = button.bottom + GAP;
    const top = below + height > innerHeight ? Math.max(GAP, button.top - GAP - height) : below;
    list.style.inset = `${top}px auto auto ${Math.min(Math.max(GAP, button.right - width), innerWidth - width - GAP)}px`;
  };

  /** @param {Choice} choice */
  #choose({ act }) {
    this.#close();
    act?.();
  }

  render() {
    if (!this.choices.length) return nothing;
    return html`
      <button type="button" class="button quiet round" popovertarget=${this.#id} aria-label=${this.label} title=${this.label}>${icon('more')}</button>
      <div id=${this.#id} class="menu" popover @toggle=${this.#place}>
        <ul>
          ${this.choices.map(
            (choice) => html`<li>
              ${choice.href
                ? html`<a href=${choice.href} @click=${this.#close}>${icon(choice.icon)}${choice.word}</a>`
                : html`<button type="button" @click=${() => this.#choose(choice)}>${icon(choice.icon)}${choice.word}</button>`}
            </li>`,
          )}
        </ul>
      </div>
    `;
  }
}

customElements.define('mc-menu', Menu);
