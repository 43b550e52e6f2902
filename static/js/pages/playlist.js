// A playlist: its cover large, its songs, what people say about it; and for its owner the ways to change it.

import { Refusal, refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html, ifDefined, nothing } from '../lit.js';
import '../comments/comments.js';
import '../comments/led-to.js';
import { ago, fullTime } from '../people/ago.js';
import { changes, deletePlaylist, fetchPlaylist, playlistAt, restorePlaylist } from '../playlists/asks.js';
import '../playlists/marks.js';
import { audience, cover, machineMade, songCount } from '../playlists/parts.js';
import { playFrom } from '../playlists/playing.js';
import '../playlists/track-list.js';
import { moodOf, tagsOf } from '../posts/parts.js';
import { report } from '../posts/report.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { loading } from '../ui/list.js';
import '../ui/menu.js';
import { Page } from '../ui/page.js';
import { face, profileOf } from '../ui/person.js';
import { toast } from '../ui/toasts.js';

/** @import { FullPlaylist } from '../playlists/asks.js' */

class PlaylistPage extends Page {
  static properties = { ...Page.properties, playlist: { state: true }, state: { state: true }, whole: { state: true }, long: { state: true } };

  #deleting = false;

  constructor() {
    super();
    /** @type {FullPlaylist | null} */
    this.playlist = null;
    /** @type {'loading' | 'ready' | 'gone' | Refusal} */
    this.state = 'loading';
    /** Whether all of the description is shown. */
    this.whole = false;
    /** Whether it does not fit into its lines. */
    this.long = false;
  }

  connectedCallback() {
    super.connectedCallback();
    changes.addEventListener('change', this.#changed);
    // Who looks decides what is shown.
    session.addEventListener('login', this.#again);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    changes.removeEventListener('change', this.#changed);
    session.removeEventListener('login', this.#again);
  }

  firstUpdated() {
    this.#load();
  }

  updated() {
    const about = this.querySelector('#about');
    if (about && !this.whole) this.long = about.scrollHeight > about.clientHeight + 1;
  }

  #again = () => this.#load();

  #changed = (/** @type {Event} */ event) => {
    const { id, patch } = /** @type {CustomEvent} */ (event).detail;
    if (this.playlist?.id === id && patch) this.playlist = { ...this.playlist, ...patch };
  };

  async #load() {
    try {
      this.playlist = await fetchPlaylist(this.params.id ?? '');
      this.state = 'ready';
      await this.updateComplete;
      if (location.hash === '#comments') this.querySelector('#comments')?.scrollIntoView();
    } catch (error) {
      const why = refusal(error);
      if (why.status === 404) this.state = 'gone';
      else if (!this.playlist) this.state = why;
    }
  }

  /** @param {FullPlaylist} playlist */
  async #delete({ id }) {
    if (this.#deleting) return;
    this.#deleting = true;
    try {
      await deletePlaylist(id);
    } catch (error) {
      toast(explain(refusal(error)), { tone: 'warn' });
      return;
    } finally {
      this.#deleting = false;
    }
    changes.tell(id, null);
    toast(t('playlist.deleted'), { action: { word: t('undo'), act: () => this.#restore(id) } });
    if (history.state?.at > 0) history.back();
    else await go('/playlists?show=mine', { replace: true });
  }

  /** @param {string} id */
  async #restore(id) {
    try {
      await restorePlaylist(id);
      await go(playlistAt(id));
    } catch (error) {
      toast(explain(refusal(error)), { tone: 'warn' });
    }
  }

  /** @param {FullPlaylist} playlist */
  #choices(playlist) {
    if (playlist.is_own) {
      return [
        { word: t('playlist.edit'), icon: 'pencil', href: `${playlistAt(playlist.id)}/edit` },
        { word: t('playlist.delete'), icon: 'discard', act: () => this.#delete(playlist) },
      ];
    }
    return session.me ? [{ word: t('report.do'), icon: 'flag', act: () => report('playlist', playlist.id) }] : [];
  }

  /** @param {FullPlaylist} playlist */
  #description({ description }) {
    if (!description) return nothing;
    return html`
      <p class="playlist-about" id="about" ?data-short=${!this.whole}>${description}</p>
      ${this.long
        ? html`<button type="button" class="button quiet playlist-more" aria-expanded=${this.whole} aria-controls="about" @click=${() => (this.whole = !this.whole)}>${t(this.whole ? 'playlist.less' : 'playlist.more')}</button>`
        : nothing}
    `;
  }

  /** @param {FullPlaylist} playlist */
  #head(playlist) {
    const { owner, title, created_at: at, edited_at: edited, songs } = playlist;
    return html`
      <div class="playlist-head">
        ${cover(playlist, { lazy: false })}
        <div class="playlist-words">
          <div class="playlist-title"><h1>${title}</h1><mc-menu .label=${t('playlist.menu')} .choices=${this.#choices(playlist)}></mc-menu></div>
          <a class="playlist-owner" href=${profileOf(owner)}>${face(owner)}<b>${owner.nickname}</b></a>
          <p class="small playlist-facts">
            ${audience(playlist)}<span>${songCount(playlist.song_count)}</span><time datetime=${at} title=${fullTime(at)}>${ago(at)}</time>${edited
              ? html`<span title=${fullTime(edited)}>${t('post.edited')}</span>`
              : nothing}
          </p>
          ${this.#description(playlist)} ${moodOf(/** @type {any} */ (playlist))} ${tagsOf(/** @type {any} */ (playlist))}
        </div>
      </div>
      <div class="playlist-bar">
        <button type="button" class="button accent big" ?disabled=${!songs.items.length} @click=${() => this.#play(0)}>${icon('play')}${t('playlist.play')}</button>
        <mc-playlist-marks class="marks" .playlist=${playlist}></mc-playlist-marks>
      </div>
    `;
  }

  /** All that is loaded, from one of them on. @param {number} index */
  #play(index) {
    const list = /** @type {import('../playlists/track-list.js').TrackList | null} */ (this.querySelector('mc-track-list'));
    const { playlist } = this;
    if (list && playlist) playFrom(list.songs, index, playlist);
  }

  /** @param {CustomEvent} event */
  #counted({ detail: by }) {
    const { playlist } = this;
    if (playlist) changes.tell(playlist.id, { comment_count: Math.max(0, playlist.comment_count + by) });
  }

  #gone() {
    this.named(t('playlist.gone'));
    return html`
      <main class="page quiet-page">
        <span class="emblem">${icon('music')}</span>
        <h1>${t('playlist.gone')}</h1>
        <p class="lead">${t(session.me ? 'playlist.gone-why' : 'playlist.gone-guest')}</p>
        <div class="row">
          ${session.me ? nothing : html`<a class="button accent" href=${`/login?next=${encodeURIComponent(location.pathname)}`}>${t('nav.log-in')}</a>`}
          <a class="button" href="/playlists">${icon('music')}${t('nav.playlists')}</a>
        </div>
      </main>
    `;
  }

  render() {
    const { playlist, state } = this;
    if (state === 'gone') return this.#gone();
    if (state instanceof Refusal) return this.failed(state, () => this.#load());
    if (!playlist) return html`<main class="page">${loading()}</main>`;
    this.named(playlist.title);
    const led = this.query.get('comment');
    return html`
      <main class="page playlist" data-aura=${ifDefined(playlist.mood ?? undefined)}>
        <article>
          ${this.#head(playlist)}
          <mc-track-list .playlist=${playlist} .first=${playlist.songs}></mc-track-list>
          ${machineMade(playlist)}
        </article>
        ${led ? html`<mc-led-to target="playlists" .comment=${led} .post=${playlist.id} .author=${playlist.owner.id}></mc-led-to>` : nothing}
        <mc-comments target="playlists" .post=${playlist.id} .author=${playlist.owner.id} .count=${playlist.comment_count} @counted=${this.#counted}></mc-comments>
      </main>
    `;
  }
}

customElements.define('mc-playlist', PlaylistPage);
