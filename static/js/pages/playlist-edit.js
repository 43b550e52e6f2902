// Changing a playlist. Songs and the cover change at once; words wait for a button, and if they were changed elsewhere meanwhile,
// one sees how, and nothing that was typed is lost.

import { ask, Refusal, refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { GENRES } from '../people/genres.js';
import { MOST_DESCRIPTION, MOST_TITLE, changePlaylist, changes, fetchPlaylist, playlistAt } from '../playlists/asks.js';
import '../playlists/cover-field.js';
import { changesOf, detailsOf } from '../playlists/details.js';
import '../playlists/order.js';
import { publicSwitch } from '../playlists/public-switch.js';
import '../playlists/song-search.js';
import '../posts/tag-field.js';
import { go } from '../router.js';
import { Form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { loading } from '../ui/list.js';
import { Page } from '../ui/page.js';

/** @import { Entry, Playlist, Slice } from '../playlists/asks.js' */
/** @import { Details } from '../playlists/details.js' */

/** Songs fetched at a time. */
const ROWS = 100;

class PlaylistEdit extends Page {
  static properties = { ...Page.properties, playlist: { state: true }, state: { state: true }, entries: { state: true }, newer: { state: true } };

  /** @type {Form | null} */
  #form = null;

  constructor() {
    super();
    /** The one that is changed. @type {Playlist | null} */
    this.playlist = null;
    /** @type {'loading' | 'ready' | 'gone' | Refusal} */
    this.state = 'loading';
    /** @type {Entry[]} */
    this.entries = [];
    /** As somebody else (or oneself elsewhere) has made it meanwhile. @type {Playlist | null} */
    this.newer = null;
  }

  firstUpdated() {
    this.#load();
  }

  async #load() {
    this.state = 'loading';
    try {
      const playlist = await fetchPlaylist(this.params.id ?? '');
      if (!playlist.is_own) {
        this.state = 'gone';
        return;
      }
      this.entries = await this.#songs(playlist.id);
      this.#begin(playlist);
      this.state = 'ready';
    } catch (error) {
      const why = refusal(error);
      this.state = why.status === 404 ? 'gone' : why;
    }
  }

  /** @param {Playlist} playlist */
  #begin(playlist) {
    this.#form = new Form(this, detailsOf(playlist), `playlist.${playlist.id}`);
    this.newer = this.#form.overtaken.length ? playlist : null;
    this.playlist = playlist;
  }

  /**
   * All of them: an order is only seen as a whole.
   * @param {string} id
   */
  async #songs(id) {
    /** @type {Entry[]} */
    const all = [];
    /** @type {string | undefined} */
    let cursor;
    do {
      /** @type {Slice<Entry>} */
      const page = await ask(`/playlists/${id}/songs`, { query: { limit: ROWS, cursor } });
      all.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    return all;
  }

  get #details() {
    return /** @type {Details} */ ({ ...this.#form?.values });
  }

  /** The server has changed something for us, so its version is another. Whether somebody else has, too, is in the words. */
  async #touched() {
    const { playlist } = this;
    if (!playlist) return;
    try {
      this.#fresh(await fetchPlaylist(playlist.id));
    } catch {
      // Saving will tell.
    }
  }

  /** @param {Playlist} now */
  #fresh(now) {
    const before = this.playlist;
    const form = this.#form;
    if (!before || !form) return;
    changes.tell(now.id, now);
    const contested = form.contested(detailsOf(now)).length > 0;
    if (contested) this.newer = now;
    else form.rebase(detailsOf(now));
    // A note that comes up just before the button is pressed has not been read: saving is refused as long as it names the version
    // from before it, and asks.
    this.playlist = contested ? { ...now, version: before.version } : now;
  }

  /** What is shown is not what is there. */
  async #stale() {
    const { playlist } = this;
    if (!playlist) return;
    try {
      this.entries = await this.#songs(playlist.id);
      await this.#touched();
    } catch (error) {
      this.state = refusal(error);
    }
  }

  async #save() {
    const { playlist } = this;
    const form = this.#form;
    if (!playlist || !form) return;
    if (!form.values.title.trim()) return form.reject({ title: t('form.needed') });
    const patch = changesOf(this.#details, playlist);
    if (Object.keys(patch).length) {
      try {
        const now = await changePlaylist(playlist.id, patch, playlist.version);
        changes.tell(playlist.id, now);
        this.playlist = now;
      } catch (error) {
        if (refusal(error).code !== 'changed') throw error;
        await this.#conflict(playlist.id);
        return;
      }
    }
    form.forget();
    announce(t('write.saved'));
    await go(playlistAt(playlist.id), { replace: true });
  }

  /** @param {string} id */
  async #conflict(id) {
    const now = await fetchPlaylist(id);
    this.newer = now;
    this.#goOn(now);
    this.entries = await this.#songs(id);
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector('#conflict'))?.focus();
  }

  /** From here on the changes are against this version: saving again is a choice, not an accident. @param {Playlist} newer */
  #goOn(newer) {
    this.#form?.rebase(detailsOf(newer));
    this.playlist = newer;
  }

  /** @param {Playlist} newer */
  #keepMine(newer) {
    this.#goOn(newer);
    this.newer = null;
  }

  /** Forgets one's own changes and begins with what is there. */
  async #takeTheirs() {
    const { newer } = this;
    if (!newer) return;
    this.#form?.forget();
    this.#begin(newer);
    await this.updateComplete;
    this.querySelector('h1')?.focus();
  }

  /** @param {Playlist} newer */
  #conflictNote(newer) {
    const mine = Object.keys(changesOf(this.#details, newer));
    const shown = (/** @type {string} */ name) => {
      if (name === 'is_public') return t(newer.is_public ? 'playlist.public' : 'playlist.private');
      if (name === 'tags') return newer.tags.map((tag) => `#${tag}`).join(' ') || t('write.nothing');
      if (name === 'genre') return newer.genre ? t(`genre.${newer.genre}`) : t('write.nothing');
      return /** @type {any} */ (newer)[name] || t('write.nothing');
    };
    return html`
      <section class="conflict" aria-labelledby="conflict">
        <h2 id="conflict" tabindex="-1">${icon('warn')}${t('playlist.conflict')}</h2>
        <p>${t('playlist.conflict-why')}</p>
        ${mine.length ? html`<dl>${mine.map((name) => html`<div><dt>${t(`playlist.${name}`)}</dt><dd>${shown(name)}</dd></div>`)}</dl>` : nothing}
        <div class="row">
          <button type="button" class="button" @click=${this.#takeTheirs}>${t('playlist.take-theirs')}</button>
          <button type="button" class="button quiet" @click=${() => this.#keepMine(newer)}>${t('playlist.keep-mine')}</button>
        </div>
      </section>
    `;
  }

  /** @param {Form} form */
  #words(form) {
    const { genre, tags, is_public: open } = form.values;
    return html`
      <form class="form" novalidate @submit=${form.submit(() => this.#save())}>
        ${form.field({ name: 'title', label: t('playlist.title'), required: true, maxlength: MOST_TITLE })}
        ${form.field({ name: 'description', label: t('playlist.description'), rows: 3, maxlength: MOST_DESCRIPTION, hint: t('comment.left', { count: MOST_DESCRIPTION - [...form.values.description].length }) })}
        ${publicSwitch(open, (on) => form.set('is_public', on))}
        <div class="labelled">
          <label for="genre">${t('playlist.genre')}</label>
          <select id="genre" class="field" name="genre" .value=${genre} @change=${(/** @type {Event} */ event) => form.set('genre', /** @type {HTMLSelectElement} */ (event.target).value)}>
            <option value="" ?selected=${!genre}>${t('playlist.no-genre')}</option>
            ${GENRES.map((one) => html`<option value=${one} ?selected=${one === genre}>${t(`genre.${one}`)}</option>`)}
          </select>
        </div>
        <mc-tag-field .hint=${'playlist.tags-hint'} .tags=${tags} @tags=${(/** @type {CustomEvent} */ event) => form.set('tags', event.detail)}></mc-tag-field>
        ${form.trouble()}
        <div class="row">${form.button(t('write.save'))}</div>
      </form>
    `;
  }

  #gone() {
    this.named(t('playlist.gone'));
    return html`
      <main class="page quiet-page">
        <span class="emblem">${icon('music')}</span>
        <h1>${t('playlist.gone')}</h1>
        <p class="lead">${t('playlist.gone-why')}</p>
        <div class="row"><a class="button" href="/playlists?show=mine">${icon('music')}${t('shelf.mine')}</a></div>
      </main>
    `;
  }

  render() {
    const { playlist, state, newer } = this;
    if (state === 'gone') return this.#gone();
    if (state instanceof Refusal) return this.failed(state, () => this.#load());
    if (!playlist || !this.#form) return html`<main class="page">${loading()}</main>`;
    this.named(t('playlist.edit'));
    return html`
      <main class="page playlist-edit">
        <p><a class="back" href=${playlistAt(playlist.id)}>${t('playlist.back')}</a></p>
        <h1 tabindex="-1">${t('playlist.edit-title', { title: playlist.title })}</h1>
        ${newer ? this.#conflictNote(newer) : nothing}
        <mc-song-order
          class="section"
          .playlist=${playlist.id}
          .entries=${this.entries}
          @entries=${(/** @type {CustomEvent<Entry[]>} */ event) => (this.entries = event.detail)}
          @touched=${this.#touched}
          @stale=${this.#stale}
        ></mc-song-order>
        <mc-song-search
          class="section"
          .playlist=${playlist.id}
          .taken=${new Set(this.entries.map(({ song }) => song.id))}
          @added=${(/** @type {CustomEvent<Entry>} */ event) => {
            this.entries = [...this.entries, event.detail];
            this.#touched();
          }}
        ></mc-song-search>
        <section class="section"><h2>${t('cover.title')}</h2><mc-cover-field .playlist=${playlist} @cover=${(/** @type {CustomEvent<Playlist>} */ event) => this.#fresh({ ...playlist, ...event.detail })}></mc-cover-field></section>
        <section class="section"><h2>${t('playlist.details')}</h2>${this.#words(this.#form)}</section>
      </main>
    `;
  }
}

customElements.define('mc-playlist-edit', PlaylistEdit);
