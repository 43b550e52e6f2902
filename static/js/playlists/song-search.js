// Finding songs for a playlist: each one that is put in says what became of it.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, nothing, repeat } from '../lit.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { failed, loading, nothingHere } from '../ui/list.js';
import { inWords } from './asks.js';
import { songWords } from './song-row.js';
import { addSongs, findSongs } from './songs.js';

/** @import { Song } from './asks.js' */

const PAUSE_MS = 200;
const MOST_CHARACTERS = 64;
/** A syllable that is only begun: one letter of Hangul alone, which is in no title. */
const BEGUN = /[\u1100-\u11ff\u3131-\u318e]+$/u;

/** Event `added` (detail: the entry that is new). */
class SongSearch extends Element {
  static properties = { playlist: {}, taken: {}, found: { state: true }, state: { state: true }, results: { state: true } };

  #timer = 0;
  #asked = new AbortController();

  constructor() {
    super();
    /** The playlist that songs are put into. */
    this.playlist = '';
    /** Songs that are in it already. @type {Set<string>} */
    this.taken = new Set();
    this.words = '';
    /** @type {Song[]} */
    this.found = [];
    /** @type {'idle' | 'loading' | 'ready' | string} a trouble in words, else */
    this.state = 'idle';
    /** What became of each, by its identifier. @type {Record<string, string>} */
    this.results = {};
    watch(this, language);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asked.abort();
  }

  /** @param {InputEvent} event */
  #typed(event) {
    const { value } = /** @type {HTMLInputElement} */ (event.target);
    const words = (event.isComposing ? value.replace(BEGUN, '') : value).normalize('NFC').trim();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#find(words), PAUSE_MS);
  }

  /** @param {string} words */
  async #find(words) {
    if (words === this.words && this.state !== 'idle') return;
    this.words = words;
    this.#asked.abort();
    if (!words) {
      this.found = [];
      this.state = 'idle';
      return;
    }
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    // Old results stay until the new ones are there.
    if (!this.found.length) this.state = 'loading';
    try {
      const { items } = await findSongs(words, signal);
      this.found = items;
      this.state = 'ready';
      announce(t('seek.count', { count: items.length }));
    } catch (error) {
      if (signal.aborted) return;
      this.found = [];
      this.state = explain(refusal(error));
    }
  }

  /** @param {Song} song */
  async #add(song) {
    const name = inWords(song.title);
    this.#result(song, 'adding');
    try {
      const [added] = await addSongs(this.playlist, [song.id]);
      this.#result(song, added?.status ?? 'not-found');
      if (added?.entry && added.status === 'added') this.dispatchEvent(new CustomEvent('added', { detail: { id: added.entry, song, added_at: new Date().toISOString() } }));
      announce(`${name}: ${this.#word(song)}`);
    } catch (error) {
      this.#result(song, explain(refusal(error)));
      announce(`${name}: ${this.#word(song)}`);
    }
  }

  /**
   * @param {Song} song
   * @param {string} result
   */
  #result(song, result) {
    this.results = { ...this.results, [song.id]: result };
  }

  /** @param {Song} song */
  #word({ id }) {
    const result = this.results[id];
    if (!result) return this.taken.has(id) ? t('seek.already-there') : '';
    return ['adding', 'added', 'already-there', 'not-found', 'full'].includes(result) ? t(`seek.${result}`) : result;
  }

  /** @param {Song} song */
  #row(song) {
    const word = this.#word(song);
    const done = this.taken.has(song.id) || ['added', 'already-there'].includes(this.results[song.id] ?? '');
    const label = t('seek.add', { name: inWords(song.title) });
    return html`
      <li class="song">
        ${songWords(song)}
        <span class="song-actions">
          ${word ? html`<small class="song-result" ?data-fine=${done}>${done ? icon('check') : nothing}${word}</small>` : nothing}
          ${done
            ? nothing
            : html`<button type="button" class="button quiet round" aria-label=${label} title=${label} ?disabled=${this.results[song.id] === 'adding'} @click=${() => this.#add(song)}>${icon('plus')}</button>`}
        </span>
      </li>
    `;
  }

  #results() {
    const { state, found, words } = this;
    if (state === 'idle') return nothing;
    if (state === 'loading') return loading();
    if (state !== 'ready') {
      return failed(state, () => {
        this.state = 'idle';
        this.#find(words);
      });
    }
    if (!found.length) return nothingHere(t('seek.none', { words }), 'music');
    return html`<ul class="songs" aria-label=${t('seek.found')}>${repeat(found, ({ id }) => id, (song) => this.#row(song))}</ul>`;
  }

  render() {
    return html`
      <h2>${t('seek.title')}</h2>
      <div class="seek">
        <label class="unseen" for="song-seek">${t('seek.words')}</label>
        ${icon('search')}
        <input class="field" id="song-seek" type="search" maxlength=${MOST_CHARACTERS} autocomplete="off" spellcheck="false" placeholder=${t('seek.words')} @input=${this.#typed} />
      </div>
      ${this.#results()}
    `;
  }
}

customElements.define('mc-song-search', SongSearch);
