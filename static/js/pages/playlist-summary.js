// What was made of somebody's words: looked at once, shown to everybody or kept, then it is a playlist like any other.

import { Refusal, refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, t } from '../i18n.js';
import { html } from '../lit.js';
import { changePlaylist, changes, fetchPlaylist, playlistAt } from '../playlists/asks.js';
import { cover, machineMade, songCount } from '../playlists/parts.js';
import { playFrom } from '../playlists/playing.js';
import { publicSwitch } from '../playlists/public-switch.js';
import { songRow } from '../playlists/song-row.js';
import { tagsOf } from '../posts/parts.js';
import { go } from '../router.js';
import { icon } from '../ui/icons.js';
import { failed, loading } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toasts.js';

/** @import { FullPlaylist } from '../playlists/asks.js' */

class PlaylistSummary extends Page {
  static properties = { ...Page.properties, playlist: { state: true }, trouble: { state: true }, saving: { state: true } };

  constructor() {
    super();
    /** @type {FullPlaylist | null} */
    this.playlist = null;
    /** @type {Refusal | null} */
    this.trouble = null;
    this.saving = false;
  }

  firstUpdated() {
    this.#load();
  }

  async #load() {
    this.trouble = null;
    try {
      const playlist = await fetchPlaylist(this.params.id ?? '');
      if (!playlist.is_own) return await go(playlistAt(playlist.id), { replace: true });
      this.playlist = playlist;
    } catch (error) {
      const why = refusal(error);
      if (why.status === 404) await go(playlistAt(this.params.id ?? ''), { replace: true });
      else this.trouble = why;
    }
  }

  /** @param {boolean} open */
  async #show(open) {
    const { playlist } = this;
    if (!playlist || this.saving) return;
    this.saving = true;
    this.playlist = { ...playlist, is_public: open };
    try {
      const now = await changePlaylist(playlist.id, { is_public: open }, playlist.version);
      this.playlist = { ...this.playlist, ...now };
      changes.tell(playlist.id, now);
      announce(t(open ? 'playlist.now-public' : 'playlist.now-private'));
    } catch (error) {
      const why = refusal(error);
      this.playlist = playlist;
      if (why.code === 'changed') await this.#load();
      toast(explain(why), { tone: 'warn' });
    } finally {
      this.saving = false;
    }
  }

  render() {
    const { playlist, trouble } = this;
    this.named(playlist?.title ?? t('making.title'));
    if (trouble) return html`<main class="page">${failed(explain(trouble), () => this.#load())}</main>`;
    if (!playlist) return html`<main class="page">${loading()}</main>`;
    const songs = playlist.songs.items.map(({ song }) => song);
    const at = playlistAt(playlist.id);
    return html`
      <main class="page summary">
        <div class="playlist-head">
          ${cover(playlist, { lazy: false })}
          <div class="playlist-words">
            <p class="small">${t('summary.made')}</p>
            <h1 tabindex="-1">${playlist.title}</h1>
            <p class="lead">${playlist.description}</p>
            ${tagsOf(/** @type {any} */ (playlist))}
            <p class="small">${songCount(playlist.song_count)}</p>
          </div>
        </div>
        ${publicSwitch(playlist.is_public, (open) => this.#show(open), { disabled: this.saving })}
        <div class="row">
          <a class="button accent big" href=${at}>${icon('check')}${t('summary.ok')}</a>
          <button type="button" class="button big" @click=${() => playFrom(songs, 0, playlist)}>${icon('play')}${t('playlist.play')}</button>
          <a class="button big" href=${`${at}/edit`}>${icon('pencil')}${t('playlist.edit')}</a>
        </div>
        <ol class="songs" aria-label=${t('playlist.songs-of', { title: playlist.title })}>
          ${songs.map((song, index) => html`<li class="song">${songRow(song, { nth: index + 1, play: () => playFrom(songs, index, playlist) })}</li>`)}
        </ol>
        ${machineMade(playlist)}
      </main>
    `;
  }
}

customElements.define('mc-playlist-summary', PlaylistSummary);
