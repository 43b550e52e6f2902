// Language and look, on every page that has room for them.

import { choose, current, language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { LOOKS, chooseLook, look } from '../look.js';
import { watch } from '../store.js';
import { icon } from './icons.js';

/** @type {Record<string, 'ko' | 'en'>} */
const OTHER = { ko: 'en', en: 'ko' };
/** Each language is named in itself. */
const NAMES = { ko: '한국어', en: 'English' };

class Chooser extends Element {
  constructor() {
    super();
    watch(this, language);
  }

  #nextLook() {
    const next = LOOKS[(LOOKS.indexOf(look()) + 1) % LOOKS.length] ?? 'system';
    chooseLook(next);
    this.requestUpdate();
  }

  render() {
    const other = OTHER[current()] ?? 'en';
    return html`
      <button class="button quiet" lang=${other} @click=${() => choose(other)}>
        ${icon('language')}${NAMES[other]}
      </button>
      <button class="button quiet round" title=${t(`look.${look()}`)} aria-label=${t('look.change', { look: t(`look.${look()}`) })} @click=${this.#nextLook}>
        ${icon('look')}
      </button>
    `;
  }
}

customElements.define('mc-chooser', Chooser);
