// Finding people while one types. What was searched for lately stays in this browser, until one deletes it.

import { t } from '../i18n.js';
import { announce } from '../call/announce.js';
import { html } from '../lit.js';
import { byPerson } from '../people/asks.js';
import { forgetSearches, recentSearches, rememberSearch } from '../people/searches.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { personRow } from '../ui/person.js';

/** @import { Somebody } from '../ui/person.js' */
/** @typedef {{id: string, user: Somebody}} Hit */

const PAUSE_MS = 200;
const MOST_CHARACTERS = 64;
/** A syllable that is only begun: one letter of Hangul alone, which is in nobody's name. */
const BEGUN = /[\u1100-\u11ff\u3131-\u318e]+$/u;

class Search extends Page {
  static properties = { ...Page.properties, listing: { state: true }, recent: { state: true } };

  #timer = 0;

  constructor() {
    super();
    /** What the results are for. */
    this.words = '';
    /** @type {Listing<Hit> | null} */
    this.listing = null;
    this.recent = recentSearches(session.me?.id ?? '');
    this.begin = this.query.get('q') ?? '';
    if (this.begin) this.#find(this.begin);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  /**
   * Every change counts, also in the middle of a syllable: whoever types Hangul sees results as early as anybody else.
   * @param {InputEvent} event
   */
  #typed(event) {
    const { value } = /** @type {HTMLInputElement} */ (event.target);
    const words = event.isComposing ? value.replace(BEGUN, '') : value;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#find(words), PAUSE_MS);
  }

  /** @param {string} text */
  #find(text) {
    const words = text.normalize('NFC').trim();
    if (words === this.words) return;
    this.words = words;
    history.replaceState(history.state, '', words ? `/search?q=${encodeURIComponent(words)}` : '/search');
    if (!words) {
      this.listing = null;
      this.requestUpdate();
      return;
    }
    /** @type {Listing<Hit>} */
    const listing = new Listing('/search', { q: words, types: 'users' }, byPerson);
    listing.addEventListener('change', () => this.#found(listing, words));
    // Old results stay until the new ones are there, so that nothing flickers under fast fingers.
    if (!this.listing) this.listing = listing;
  }

  /**
   * @param {Listing<Hit>} listing
   * @param {string} words
   */
  #found(listing, words) {
    if (words !== this.words || listing.value.state === 'loading') return this.requestUpdate();
    const first = this.listing !== listing || !this.hasUpdated;
    this.listing = listing;
    this.requestUpdate();
    const { items, more } = listing.value;
    if (first) announce(items.length ? t('search.count', { count: `${items.length}${more ? '+' : ''}` }) : t('search.none', { words }));
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    clearTimeout(this.#timer);
    const words = this.#field?.value ?? '';
    this.#find(words);
    this.#remember();
  }

  get #field() {
    return this.querySelector('input');
  }

  #remember() {
    if (!this.words || !session.me) return;
    rememberSearch(session.me.id, this.words);
    this.recent = recentSearches(session.me.id);
  }

  /** @param {string} [words] none deletes all */
  async #forget(words) {
    if (!session.me) return;
    forgetSearches(session.me.id, words);
    this.recent = recentSearches(session.me.id);
    await this.updateComplete;
    if (document.activeElement === document.body) this.#field?.focus();
  }

  /** @param {string} words */
  #again(words) {
    if (this.#field) this.#field.value = words;
    this.#find(words);
    this.#remember();
    this.#field?.focus();
  }

  #recent() {
    if (!this.recent.length) return html`<p class="lead">${t('search.hint')}</p>`;
    return html`
      <section class="section recent">
        <div class="page-head">
          <h2>${t('search.recent')}</h2>
          <button class="button quiet" @click=${() => this.#forget()}>${t('search.forget-all')}</button>
        </div>
        <ul class="recent-words">
          ${this.recent.map(
            (words) => html`
              <li>
                <button class="button quiet" @click=${() => this.#again(words)}>${icon('search')}<span>${words}</span></button>
                <button class="button quiet round" aria-label=${t('search.forget', { words })} title=${t('search.forget', { words })} @click=${() => this.#forget(words)}>${icon('close')}</button>
              </li>
            `,
          )}
        </ul>
      </section>
    `;
  }

  render() {
    this.named(t('search.title'));
    const { listing, words } = this;
    return html`
      <main class="page">
        <h1>${t('search.title')}</h1>
        <form class="seek" role="search" @submit=${this.#submit}>
          <label class="unseen" for="seek">${t('search.label')}</label>
          ${icon('search')}
          <input
            class="field"
            id="seek"
            type="search"
            name="q"
            value=${this.begin}
            maxlength=${MOST_CHARACTERS}
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            enterkeyhint="search"
            placeholder=${t('search.label')}
            @input=${this.#typed}
          />
        </form>
        ${listing && words
          ? html`<div class="found" @click=${this.#remember}>
              ${list(listing, ({ user }) => personRow(user), { label: t('search.found'), empty: t('search.none', { words: String(listing.query.q) }), icon: 'search' })}
            </div>`
          : this.#recent()}
      </main>
    `;
  }
}

customElements.define('mc-search', Search);
