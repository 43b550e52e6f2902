// What people share, in the order one likes: the latest, from those one follows, or what many like.

import { language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { browser } from '../memory.js';
import { changes } from '../posts/asks.js';
import { postCard } from '../posts/card.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { Listing, list } from '../ui/list.js';
import { tabs } from '../ui/tabs.js';

/** @import { Post } from '../posts/asks.js' */

const ORDERS = /** @type {const} */ (['latest', 'following', 'popular']);
/** @typedef {typeof ORDERS[number]} Order */

/** @param {Order} order */
const addressOf = (order) => `/?feed=${order}`;

class Feed extends Element {
  static properties = { order: { state: true } };

  /** @type {Map<Order, Listing<Post>>} */
  #listings = new Map();
  /** Whose they are. */
  #user = session.me?.id;

  constructor() {
    super();
    const wanted = new URLSearchParams(location.search).get('feed') ?? browser.recall('feed', '');
    /** @type {Order} */
    this.order = ORDERS.find((order) => order === wanted) ?? 'latest';
    watch(this, language);
    watch(this, session);
    changes.addEventListener('made', (event) => this.#made(/** @type {CustomEvent<Post>} */ (event).detail));
  }

  /** @param {Post} post one's own, just written */
  #made(post) {
    if (post.visibility === 'public') this.#listings.get('latest')?.add(post);
  }

  willUpdate() {
    if (this.#user === session.me?.id) return;
    // Somebody else sees something else.
    this.#user = session.me?.id;
    this.#listings.clear();
  }

  /** The order that is shown: guests follow nobody. */
  get #shown() {
    return this.order === 'following' && !session.me ? 'latest' : this.order;
  }

  /** @param {Order} order */
  #listing(order) {
    const known = this.#listings.get(order);
    if (known) return known;
    /** @type {Listing<Post>} */
    const listing = new Listing(`/feeds/${order}`);
    changes.follow(listing);
    watch(this, listing);
    this.#listings.set(order, listing);
    return listing;
  }

  /**
   * Changes the order in place: the page around it stays as it is.
   * @param {MouseEvent} event
   */
  #choose(event) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof window.Element ? event.target.closest('a') : null;
    const order = ORDERS.find((one) => link?.getAttribute('href') === addressOf(one));
    if (!order) return;
    event.preventDefault();
    if (order === this.#shown) this.#listing(order).reload();
    this.order = order;
    browser.keep('feed', order);
    history.replaceState(history.state, '', addressOf(order));
  }

  #empty() {
    if (this.#shown === 'following') return html`${t('feed.none-following')} <a href="/search">${t('feed.find')}</a>`;
    return session.me ? html`${t('feed.none')} <a href="/posts/new">${t('feed.first')}</a>` : t('feed.none');
  }

  render() {
    const order = this.#shown;
    const orders = ORDERS.filter((one) => one !== 'following' || session.me);
    return html`
      <div @click=${this.#choose}>
        ${tabs(t('feed.orders'), orders.map((one) => ({ href: addressOf(one), word: t(`feed.${one}`) })), addressOf(order))}
      </div>
      ${list(this.#listing(order), postCard, { label: t(`feed.${order}`), empty: this.#empty(), icon: 'picture', look: 'posts' })}
    `;
  }
}

customElements.define('mc-feed', Feed);
