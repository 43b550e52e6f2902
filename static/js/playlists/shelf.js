// The beginnings of what there is to hear, side by side: for oneself, what many like, one's own, what is new.

import { ask, refusal } from '../api.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, nothing, repeat } from '../lit.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { failed, loading } from '../ui/list.js';
import { changes } from './asks.js';
import { playlistCard } from './card.js';

/** @import { Playlist } from './asks.js' */

/** In the order in which they stand, and where each goes on. */
const SHELVES = /** @type {const} */ ([
  { name: 'for_you', more: '/playlists?show=for-you', members: true },
  { name: 'hot', more: '/playlists?show=hot', members: false },
  { name: 'mine', more: '/playlists?show=mine', members: true },
  { name: 'new', more: '/playlists?show=new', members: false },
]);

class Shelves extends Element {
  static properties = { shelves: { state: true }, trouble: { state: true } };

  #user = session.me?.id;
  #asked = false;

  constructor() {
    super();
    /** @type {Record<string, Playlist[]> | null} */
    this.shelves = null;
    this.trouble = '';
    watch(this, language);
    watch(this, session);
    changes.addEventListener('change', (event) => this.#changed(/** @type {CustomEvent} */ (event).detail));
    changes.addEventListener('made', () => (this.#asked = false));
  }

  connectedCallback() {
    super.connectedCallback();
    // Whoever comes back to it may have made one meanwhile.
    if (!this.#asked) this.#load();
  }

  willUpdate() {
    if (this.#user === session.me?.id) return;
    // Somebody else sees something else.
    this.#user = session.me?.id;
    this.#load();
  }

  async #load() {
    this.#asked = true;
    this.trouble = '';
    const user = this.#user;
    try {
      const { playlists } = await ask('/feeds/home');
      if (user !== this.#user) return;
      const items = (/** @type {any} */ shelf) => (Array.isArray(shelf) ? shelf : (shelf?.items ?? []));
      this.shelves = Object.fromEntries(SHELVES.map(({ name }) => [name, items(playlists?.[name])]));
    } catch (error) {
      this.#asked = false;
      this.trouble = explain(refusal(error));
    }
  }

  /** @param {{id: string, patch: Partial<Playlist> | null}} change */
  #changed({ id, patch }) {
    if (!this.shelves) return;
    const kept = (/** @type {Playlist[]} */ items) => items.flatMap((item) => (item.id !== id ? item : patch ? { ...item, ...patch } : []));
    this.shelves = Object.fromEntries(Object.entries(this.shelves).map(([name, items]) => [name, kept(items)]));
  }

  /**
   * @param {string} name
   * @param {string} more
   */
  #shelf(name, more) {
    const items = this.shelves?.[name] ?? [];
    // One's own is where the first one is made; what others have is shown when they have it.
    if (!items.length && name !== 'mine') return nothing;
    const title = t(`shelf.${name.replace('_', '-')}`);
    return html`
      <section class="shelf" aria-labelledby=${`shelf-${name}`}>
        <div class="page-head">
          <h3 id=${`shelf-${name}`}>${title}</h3>
          ${items.length ? html`<a class="shelf-more" href=${more}>${t('shelf.more')}<span class="unseen">: ${title}</span></a>` : nothing}
        </div>
        ${items.length
          ? html`<ul class="playlists in-line">${repeat(items, ({ id }) => id, playlistCard)}</ul>`
          : html`<p class="shelf-first"><span>${t('shelf.none-mine')}</span> <a href="/playlists/new">${t('shelf.first')}</a></p>`}
      </section>
    `;
  }

  render() {
    const { shelves, trouble } = this;
    const shown = SHELVES.filter(({ members }) => !members || session.me);
    const empty = shelves && shown.every(({ name }) => !shelves[name]?.length);
    return html`
      <div class="page-head">
        <h2>${t('shelf.title')}</h2>
        <span class="row">
          <a class="button quiet" href="/playlists">${icon('music')}${t('shelf.all')}</a>
          ${session.me ? html`<a class="button" href="/playlists/new">${icon('plus')}${t('shelf.new-one')}</a>` : nothing}
        </span>
      </div>
      ${trouble ? failed(trouble, () => this.#load()) : nothing} ${!shelves && !trouble ? loading() : nothing}
      ${shelves && !(empty && !session.me) ? html`<div class="shelves">${shown.map(({ name, more }) => this.#shelf(name, more))}</div>` : nothing}
      ${empty && !session.me ? html`<p class="small">${t('shelf.none')}</p>` : nothing}
    `;
  }
}

customElements.define('mc-shelves', Shelves);
