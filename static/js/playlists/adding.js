// The sheet that puts songs into a playlist of one's own, or into a new one.

import { freshKey, refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, language, need, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { go, loginAddress } from '../router.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { Form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { toast } from '../ui/toasts.js';
import { MOST_TITLE, changes, createPlaylist, inWords, playlistAt } from './asks.js';
import { cover, privacy, songCount } from './parts.js';
import { addSongs } from './songs.js';

/** @import { Playlist, Song } from './asks.js' */

class Adding extends Element {
  static properties = { busy: { state: true }, making: { state: true }, trouble: { state: true } };

  /** @type {Listing<Playlist>} */
  #listing = new Listing('/me/playlists');
  #key = freshKey();

  constructor() {
    super();
    /** @type {Song} */
    this.song = /** @type {any} */ (null);
    /** The playlist that is being added to. */
    this.busy = '';
    /** Whether a new one is being named. */
    this.making = false;
    this.trouble = '';
    this.form = new Form(this, { title: '' });
    watch(this, this.#listing);
    watch(this, language);
  }

  firstUpdated() {
    const dialog = this.querySelector('dialog');
    dialog?.addEventListener('close', () => this.remove());
    dialog?.showModal();
  }

  #close() {
    this.querySelector('dialog')?.close();
  }

  /** @param {Playlist} playlist */
  async #add(playlist) {
    if (this.busy) return;
    this.busy = playlist.id;
    this.trouble = '';
    try {
      await this.#put(playlist);
    } catch (error) {
      this.trouble = explain(refusal(error));
    } finally {
      this.busy = '';
    }
  }

  /** @param {Playlist} playlist */
  async #put(playlist) {
    const { id, title } = playlist;
    const [added] = await addSongs(id, [this.song.id]);
    const name = inWords(this.song.title);
    if (added?.status === 'added') {
      changes.tell(id, { song_count: playlist.song_count + 1 });
      this.#close();
      toast(t('adding.added', { name, title }), { href: playlistAt(id) });
      return;
    }
    const words = { 'already-there': 'adding.there', full: 'adding.full' };
    this.trouble = t(words[/** @type {keyof typeof words} */ (added?.status)] ?? 'adding.not-added', { name, title });
    announce(this.trouble);
  }

  async #create() {
    const title = this.form.values.title.trim();
    if (!title) return this.form.reject({ title: t('form.needed') });
    const playlist = await createPlaylist({ title }, this.#key);
    this.#key = freshKey();
    changes.made(playlist);
    await this.#put(playlist);
  }

  /** @param {Playlist} playlist */
  #row(playlist) {
    return html`
      <li>
        <button type="button" class="pick-list" ?data-pending=${this.busy === playlist.id} @click=${() => this.#add(playlist)}>
          ${cover(playlist)}
          <span class="row-person-name"><b>${playlist.title}</b><small>${songCount(playlist.song_count)} ${privacy(playlist)}</small></span>
          ${this.busy === playlist.id ? html`<span class="spinner" aria-hidden="true"></span>` : icon('plus')}
        </button>
      </li>
    `;
  }

  async #begin() {
    this.making = true;
    await this.updateComplete;
    this.querySelector('input')?.focus();
  }

  #fresh() {
    if (!this.making) return html`<button type="button" class="button" @click=${this.#begin}>${icon('plus')}${t('adding.new')}</button>`;
    return html`
      <form class="form" novalidate @submit=${this.form.submit(() => this.#create())}>
        ${this.form.field({ name: 'title', label: t('playlist.title'), maxlength: MOST_TITLE, required: true })} ${this.form.trouble()}
        <div class="row">${this.form.button(t('adding.create'), { look: 'accent' })}</div>
      </form>
    `;
  }

  render() {
    return html`
      <dialog class="confirm sheet" aria-labelledby="adding-title">
        <h2 id="adding-title">${t('adding.title', { name: inWords(this.song.title) })}</h2>
        ${list(this.#listing, (playlist) => this.#row(playlist), { label: t('adding.mine'), empty: t('adding.none'), icon: 'music' })}
        <div role="alert">${this.trouble ? html`<p class="note warn">${icon('warn')}<span>${this.trouble}</span></p>` : nothing}</div>
        ${this.#fresh()}
        <div class="row"><button type="button" class="button quiet" @click=${this.#close}>${t('confirm.cancel')}</button></div>
      </dialog>
    `;
  }
}

customElements.define('mc-adding', Adding);

/**
 * Lets somebody choose a playlist for a song. Whoever is not logged in is asked to be.
 * @param {Song} song
 */
export async function addToPlaylist(song) {
  if (!session.me) return go(loginAddress());
  await need(['people', 'playlists']);
  const sheet = new Adding();
  sheet.song = song;
  document.body.append(sheet);
}

/**
 * The button for it, for the end of a song's row.
 * @param {Song} song
 */
export const addButton = (song) => {
  const word = t('song.add', { title: inWords(song.title) });
  return html`<button type="button" class="button quiet round" aria-label=${word} title=${word} @click=${() => addToPlaylist(song)}>${icon('plus')}</button>`;
};
