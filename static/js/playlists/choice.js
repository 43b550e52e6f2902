// Choosing one of one's own playlists: for a post, for one's profile.

import { language, need, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { watch } from '../store.js';
import { Listing, list } from '../ui/list.js';
import { cover, privacy, songCount } from './parts.js';

/** @import { Playlist } from './asks.js' */

class PlaylistChoice extends Element {
  /** @type {Listing<Playlist>} */
  #listing = new Listing('/me/playlists');
  /** @type {Playlist | null} */
  #chosen = null;

  constructor() {
    super();
    this.title = '';
    /** Whether those that only oneself sees can be chosen. */
    this.privates = true;
    /** @type {(chosen: Playlist | null) => void} */
    this.done = () => {};
    watch(this, this.#listing);
    watch(this, language);
  }

  firstUpdated() {
    const dialog = this.querySelector('dialog');
    dialog?.addEventListener('close', () => {
      this.done(this.#chosen);
      this.remove();
    });
    dialog?.showModal();
  }

  /** @param {Playlist | null} playlist */
  #choose(playlist) {
    this.#chosen = playlist;
    this.querySelector('dialog')?.close();
  }

  /** @param {Playlist} playlist */
  #row(playlist) {
    const off = !this.privates && !playlist.is_public;
    return html`
      <li>
        <button type="button" class="pick-list" ?disabled=${off} @click=${() => this.#choose(playlist)}>
          ${cover(playlist)}
          <span class="row-person-name"><b>${playlist.title}</b><small>${off ? t('choice.not-private') : html`${songCount(playlist.song_count)} ${privacy(playlist)}`}</small></span>
        </button>
      </li>
    `;
  }

  render() {
    const empty = html`${t('shelf.none-mine')} <a href="/playlists/new" @click=${() => this.#choose(null)}>${t('shelf.first')}</a>`;
    return html`
      <dialog class="confirm sheet" aria-labelledby="choice-title">
        <h2 id="choice-title">${this.title}</h2>
        ${list(this.#listing, (playlist) => this.#row(playlist), { label: this.title, empty, icon: 'music' })}
        <div class="row"><button type="button" class="button" @click=${() => this.#choose(null)}>${t('confirm.cancel')}</button></div>
      </dialog>
    `;
  }
}

customElements.define('mc-playlist-choice', PlaylistChoice);

/**
 * @param {string} title what it is for
 * @param {{privates?: boolean}} [which]
 * @returns {Promise<Playlist | null>} null by Escape
 */
export async function choosePlaylist(title, { privates = true } = {}) {
  await need(['people', 'playlists']);
  const choice = new PlaylistChoice();
  choice.title = title;
  choice.privates = privates;
  const chosen = new Promise((/** @type {(chosen: Playlist | null) => void} */ resolve) => (choice.done = resolve));
  document.body.append(choice);
  return chosen;
}
