// Playlists side by side, from any address that hands them out.

import { language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { watch } from '../store.js';
import { Listing, list } from '../ui/list.js';
import { changes } from './asks.js';
import { playlistCard } from './card.js';

/** @import { Playlist } from './asks.js' */

class PlaylistList extends Element {
  static properties = { path: {}, query: {}, label: {}, empty: {} };

  /** @type {Listing<Playlist> | null} */
  #listing = null;
  #asked = '';

  constructor() {
    super();
    /** Below `/api/v1`. */
    this.path = '';
    /** @type {Record<string, string | undefined>} */
    this.query = {};
    this.label = '';
    /** @type {unknown} */
    this.empty = t('list.empty');
    this.icon = 'music';
    watch(this, language);
  }

  willUpdate() {
    const asked = `${this.path}?${JSON.stringify(this.query)}`;
    if (!this.path || this.#asked === asked) return;
    this.#asked = asked;
    this.#listing = new Listing(this.path, this.query);
    changes.follow(this.#listing);
    watch(this, this.#listing);
  }

  render() {
    if (!this.#listing) return html``;
    return list(this.#listing, playlistCard, { label: this.label, empty: this.empty, icon: this.icon, look: 'playlists' });
  }
}

customElements.define('mc-playlists', PlaylistList);
