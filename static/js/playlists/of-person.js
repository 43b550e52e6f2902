// The first playlists of somebody, in one line, and the way to all of them.

import { ask, refusal } from '../api.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, nothing, repeat } from '../lit.js';
import { watch } from '../store.js';
import { failed, loading } from '../ui/list.js';
import { changes } from './asks.js';
import { playlistCard } from './card.js';

/** @import { Playlist } from './asks.js' */

/** Shown at first. */
const FEW = 8;

class ListsOfPerson extends Element {
  static properties = { path: {}, heading: {}, more: {}, empty: {}, items: { state: true }, trouble: { state: true } };

  #asked = '';

  constructor() {
    super();
    /** Below `/api/v1`. */
    this.path = '';
    this.heading = '';
    /** Address of all of them. */
    this.more = '';
    /** What to say when there are none; without it there is nothing to see then. @type {unknown} */
    this.empty = nothing;
    /** @type {Playlist[] | null} */
    this.items = null;
    this.trouble = '';
    watch(this, language);
  }

  connectedCallback() {
    super.connectedCallback();
    changes.addEventListener('change', this.#changed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    changes.removeEventListener('change', this.#changed);
    // Asked again when one comes back.
    this.#asked = '';
  }

  #changed = (/** @type {Event} */ event) => {
    const { id, patch } = /** @type {CustomEvent} */ (event).detail;
    this.items = this.items?.flatMap((item) => (item.id !== id ? item : patch ? { ...item, ...patch } : [])) ?? null;
  };

  willUpdate() {
    if (this.path && this.#asked !== this.path) this.#load();
  }

  async #load() {
    this.#asked = this.path;
    this.trouble = '';
    try {
      this.items = (await ask(this.path, { query: { limit: FEW } })).items;
    } catch (error) {
      this.trouble = explain(refusal(error));
    }
  }

  render() {
    const { items, trouble, heading, empty } = this;
    if (trouble) return failed(trouble, () => this.#load());
    if (!items) return loading();
    if (!items.length && empty === nothing) return nothing;
    return html`
      <section class="shelf">
        <div class="page-head">
          <h2>${heading}</h2>
          ${items.length ? html`<a class="shelf-more" href=${this.more}>${t('shelf.more')}<span class="unseen">: ${heading}</span></a>` : nothing}
        </div>
        ${items.length ? html`<ul class="playlists in-line" aria-label=${heading}>${repeat(items, ({ id }) => id, playlistCard)}</ul>` : html`<p class="shelf-first">${empty}</p>`}
      </section>
    `;
  }
}

customElements.define('mc-lists-of-person', ListsOfPerson);
