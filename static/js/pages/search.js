// Finding people, posts and tags while one types. What was searched for lately stays in this browser, until one deletes it.

import { t } from '../i18n.js';
import { announce } from '../call/announce.js';
import { html } from '../lit.js';
import { byPerson } from '../people/asks.js';
import { forgetSearches, recentSearches, rememberSearch } from '../people/searches.js';
import { addButton } from '../playlists/adding.js';
import { changes as listChanges } from '../playlists/asks.js';
import { playlistCard } from '../playlists/card.js';
import { playFrom } from '../playlists/playing.js';
import { songRow } from '../playlists/song-row.js';
import { changes, tagAt } from '../posts/asks.js';
import { postCard } from '../posts/card.js';
import { figure } from '../posts/figure.js';
import { foundRoom } from '../rooms/found.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { personRow } from '../ui/person.js';
import { tabs } from '../ui/tabs.js';

/** @typedef {{id: string} & Record<string, any>} Hit */

/**
 * What can be looked for: how a hit becomes a row, and how that looks.
 * @type {{name: 'people' | 'posts' | 'playlists' | 'songs' | 'rooms' | 'tags', types: string, row: (hit: any) => Hit, show: (row: any) => unknown, look?: string}[]}
 */
const KINDS = [
  { name: 'people', types: 'users', row: byPerson, show: ({ user }) => personRow(user) },
  { name: 'posts', types: 'posts', row: ({ post }) => post, show: postCard, look: 'posts' },
  { name: 'playlists', types: 'playlists', row: ({ playlist }) => playlist, show: playlistCard, look: 'playlists' },
  { name: 'songs', types: 'songs', row: ({ song }) => song, show: foundSong, look: 'songs' },
  { name: 'rooms', types: 'rooms', row: ({ room }) => room, show: foundRoom },
  { name: 'tags', types: 'tags', row: ({ tag }) => ({ ...tag, id: tag.name }), show: tagRow },
];

/** @param {{name: string, count: number}} tag */
function tagRow({ name, count }) {
  return html`
    <li>
      <a class="row-tag" href=${tagAt(name)}>
        <span class="emblem">${icon('tag')}</span>
        <span class="row-person-name"><b>#${name}</b><small>${t(count === 1 ? 'search.tag-once' : 'search.tag-times', { count: figure(count) })}</small></span>
      </a>
    </li>
  `;
}

/** @param {import('../playlists/asks.js').Song} song */
function foundSong(song) {
  return html`<li class="song">${songRow(song, { play: () => playFrom([song], 0), actions: addButton(song) })}</li>`;
}

const PAUSE_MS = 200;
const MOST_CHARACTERS = 64;
/** A syllable that is only begun: one letter of Hangul alone, which is in nobody's name. */
const BEGUN = /[\u1100-\u11ff\u3131-\u318e]+$/u;

class Search extends Page {
  static properties = { ...Page.properties, listing: { state: true }, recent: { state: true }, kind: { state: true } };

  #timer = 0;

  constructor() {
    super();
    this.kind = KINDS.find(({ name }) => name === this.query.get('in')) ?? /** @type {typeof KINDS[number]} */ (KINDS[0]);
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
    this.#ask();
  }

  /** @param {string} kind */
  #addressOf = (kind) => {
    const query = new URLSearchParams({ ...(this.words ? { q: this.words } : {}), ...(kind === 'people' ? {} : { in: kind }) });
    return query.size ? `/search?${query}` : '/search';
  };

  /**
   * Looks for something else in place, for the same words.
   * @param {MouseEvent} event
   */
  #turn(event) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const kind = KINDS.find(({ name }) => link?.getAttribute('href') === this.#addressOf(name));
    if (!kind) return;
    event.preventDefault();
    if (kind === this.kind) return;
    this.kind = kind;
    this.listing = null;
    this.#ask();
  }

  #ask() {
    const { words, kind } = this;
    history.replaceState(history.state, '', this.#addressOf(kind.name));
    if (!words) {
      this.listing = null;
      this.requestUpdate();
      return;
    }
    /** @type {Listing<Hit>} */
    const listing = new Listing('/search', { q: words, types: kind.types }, kind.row);
    if (kind.name === 'posts') changes.follow(/** @type {Listing<any>} */ (listing));
    if (kind.name === 'playlists') listChanges.follow(/** @type {Listing<any>} */ (listing));
    listing.addEventListener('change', () => this.#found(listing, words, kind));
    // Old results stay until the new ones are there, so that nothing flickers under fast fingers.
    if (!this.listing) this.listing = listing;
  }

  /**
   * @param {Listing<Hit>} listing
   * @param {string} words that it was asked for
   * @param {typeof KINDS[number]} kind
   */
  #found(listing, words, kind) {
    if (words !== this.words || kind !== this.kind || listing.value.state === 'loading') return this.requestUpdate();
    const first = this.listing !== listing || !this.hasUpdated;
    this.listing = listing;
    this.requestUpdate();
    const { items, more } = listing.value;
    if (first) announce(items.length ? t('search.count', { count: `${items.length}${more ? '+' : ''}` }) : this.#none(words));
  }

  /** @param {string} words */
  #none = (words) => t(`search.none-${this.kind.name}`, { words });

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
    const { listing, words, kind } = this;
    const label = t(`search.for-${kind.name}`);
    return html`
      <main class="page">
        <h1>${t('search.title')}</h1>
        <form class="seek" role="search" @submit=${this.#submit}>
          <label class="unseen" for="seek">${label}</label>
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
            placeholder=${label}
            @input=${this.#typed}
          />
        </form>
        <div @click=${this.#turn}>
          ${tabs(t('search.kinds'), KINDS.map(({ name }) => ({ href: this.#addressOf(name), word: t(`search.${name}`) })), this.#addressOf(kind.name))}
        </div>
        ${listing && words
          ? html`<div class="found-list" @click=${this.#remember}>
              ${list(listing, kind.show, { label: t('search.found'), empty: this.#none(String(listing.query.q)), icon: 'search', look: kind.look })}
            </div>`
          : this.#recent()}
      </main>
    `;
  }
}

customElements.define('mc-search', Search);
