// What every page of the site has in common: its address' parts, and rendering again when the language or the person changes.

import { explain, language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { failed } from './list.js';

export class Page extends Element {
  /** @type {import('/vendor/@lit/reactive-element/reactive-element.js').PropertyDeclarations} */
  static properties = { params: {} };

  constructor() {
    super();
    /** Parts of the address, by the names in the route. @type {Record<string, string>} */
    this.params = {};
    watch(this, language);
    watch(this, session);
  }

  /** What stands in the address after `?`. */
  query = new URLSearchParams(location.search);

  /**
   * Names the document; said in `render`.
   * @param {string} text
   */
  named(text) {
    const full = `${text} · ${t('home.title')}`;
    if (this.isConnected && document.title !== full) document.title = full;
  }

  /**
   * What stands there when what the page is about could not be had.
   * @param {import('../api.js').Refusal} why
   * @param {() => void} again
   */
  failed(why, again) {
    this.named(t('page.failed'));
    return html`<main class="page"><h1 tabindex="-1">${t('page.failed')}</h1>${failed(explain(why), again)}</main>`;
  }
}
