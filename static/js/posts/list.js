// Posts one below the other, from any address that hands them out.

import { language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { watch } from '../store.js';
import { Listing, list } from '../ui/list.js';
import { changes } from './asks.js';
import { postCard } from './card.js';

/** @import { Post } from './asks.js' */

class PostList extends Element {
  static properties = { path: {}, label: {}, empty: {} };

  /** @type {Listing<Post> | null} */
  #listing = null;

  constructor() {
    super();
    /** Below `/api/v1`. */
    this.path = '';
    this.label = '';
    /** @type {unknown} */
    this.empty = t('list.empty');
    this.icon = 'picture';
    /** Makes a post of what the server hands out. @type {(item: any) => Post} */
    this.row = (item) => item;
    watch(this, language);
  }

  willUpdate() {
    if (!this.path || this.#listing?.path === this.path) return;
    this.#listing = new Listing(this.path, {}, this.row);
    changes.follow(this.#listing);
    watch(this, this.#listing);
  }

  render() {
    if (!this.#listing) return html``;
    return list(this.#listing, postCard, { label: this.label, empty: this.empty, icon: this.icon, look: 'posts' });
  }
}

customElements.define('mc-posts', PostList);
