// The soundtrack's panel: what plays and how loud it is here, and for the host which playlist it is.

import { ask, refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html, live, nothing } from '../lit.js';
import { artistOf, clockOf, titleOf } from '../player/song.js';
import { watch } from '../store.js';
import { CallElement } from '../ui/element.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';

/** @import { Soundtrack as Said } from '../messages.d.ts' */

/** @typedef {{id: string, title: string, song_count: number, cover: {url: string} | null}} Playlist */

const TICK_MS = 500;

class SoundtrackPanel extends CallElement {
  static properties = { pending: { state: true } };

  #timer = 0;
  /** @type {Listing<Playlist> | null} */
  #listing = null;

  constructor() {
    super();
    /** The list that is being attached. */
    this.pending = '';
  }

  connectedCallback() {
    super.connectedCallback();
    watch(this, this.call.soundtrack);
    this.#timer = window.setInterval(() => this.call.soundtrack.value.said?.playing && this.requestUpdate(), TICK_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  /** @param {string | null} playlist */
  async #attach(playlist) {
    if (this.pending !== '') return;
    this.pending = playlist ?? '-';
    try {
      await ask(`/rooms/${this.call.room}/soundtrack`, { method: 'PUT', body: { playlist_id: playlist } });
      if (playlist) this.call.soundtrack.conduct('play');
    } catch (error) {
      this.call.moments.toast(explain(refusal(error)), 'warn');
    } finally {
      this.pending = '';
    }
    await this.updateComplete;
    // What ended it goes with what it ended; without a place to stay, keys would not reach the panel.
    if (document.activeElement === document.body) this.querySelector('button')?.focus();
  }

  /** @param {Said} said */
  #now(said) {
    const { soundtrack } = this.call;
    const { volume, muted, blocked } = soundtrack.value;
    const host = Boolean(this.call.self?.host);
    const { seconds } = soundtrack;
    const percent = Math.round(volume * 100);
    const words = t('soundtrack.of', { position: clockOf(soundtrack.position), length: clockOf(seconds) });
    return html`
      <div class="soundtrack-now">
        ${said.cover ? html`<img class="soundtrack-cover" src=${said.cover} alt="" width="72" height="72">` : html`<span class="soundtrack-cover">${icon('music')}</span>`}
        <div class="soundtrack-words">
          <strong>${titleOf(said.song)}</strong>
          <span class="small">${artistOf(said.song)}</span>
          <span class="small">${t('soundtrack.from', { title: said.title, place: said.index + 1, count: said.count })}</span>
        </div>
      </div>
      <label class="soundtrack-range">
        <span class="unseen">${t('soundtrack.place')}</span>
        <input type="range" data-part="seek" min="0" max=${Math.round(seconds)} step="1" aria-valuetext=${words} ?disabled=${!host}
          .value=${live(String(Math.round(soundtrack.position)))}
          @change=${(/** @type {Event} */ event) => soundtrack.seek(Number(/** @type {HTMLInputElement} */ (event.target).value))}>
        <span class="small" aria-hidden="true">${clockOf(soundtrack.position)} / ${clockOf(seconds)}</span>
      </label>
      ${host
        ? html`<div class="row">
            <button type="button" class="button quiet round" aria-label=${t('soundtrack.previous')} title=${t('soundtrack.previous')} @click=${() => soundtrack.conduct('previous')}>${icon('song-previous')}</button>
            <button type="button" class="button" @click=${() => soundtrack.conduct(said.playing ? 'pause' : 'play')}>${icon(said.playing ? 'pause' : 'play')}${t(said.playing ? 'soundtrack.pause' : 'soundtrack.play')}</button>
            <button type="button" class="button quiet round" aria-label=${t('soundtrack.next')} title=${t('soundtrack.next')} @click=${() => soundtrack.conduct('next')}>${icon('song-next')}</button>
          </div>`
        : html`<p class="small">${t('soundtrack.host-only')}</p>`}
      ${said.playing && blocked
        ? html`<p class="note">${icon('info')}<span>${t('soundtrack.blocked')}</span><button type="button" class="button accent" @click=${() => soundtrack.unblock()}>${t('soundtrack.hear')}</button></p>`
        : nothing}
      <label class="soundtrack-range">
        <span>${t('soundtrack.volume')}</span>
        <input type="range" data-part="volume" min="0" max="100" step="5" aria-valuetext=${t('soundtrack.percent', { percent: muted ? 0 : percent })}
          .value=${live(String(muted ? 0 : percent))}
          @input=${(/** @type {Event} */ event) => soundtrack.loud({ volume: Number(/** @type {HTMLInputElement} */ (event.target).value) / 100, muted: false })}>
      </label>
      ${host ? html`<button type="button" class="button quiet" aria-disabled=${this.pending !== ''} @click=${() => this.#attach(null)}>${icon('close')}${t('soundtrack.end')}</button>` : nothing}
    `;
  }

  /**
   * @param {Playlist} choice
   * @param {boolean} attached
   */
  #choice({ id, title, song_count: count, cover }, attached) {
    return html`
      <li>
        <button type="button" class="soundtrack-choice" aria-pressed=${attached} ?disabled=${count === 0} aria-disabled=${this.pending !== ''} @click=${() => this.#attach(id)}>
          ${cover ? html`<img class="soundtrack-cover" src=${cover.url} alt="" width="44" height="44" loading="lazy">` : html`<span class="soundtrack-cover">${icon('music')}</span>`}
          <span class="soundtrack-words"><strong>${title}</strong><span class="small">${t('soundtrack.songs', { count })}</span></span>
          ${icon(attached ? 'check' : 'play')}
        </button>
      </li>
    `;
  }

  #choices() {
    if (!this.call.self?.host || !this.call.self.user) return nothing;
    if (!this.#listing) {
      this.#listing = new Listing('/me/playlists');
      watch(this, this.#listing);
    }
    const attached = this.call.soundtrack.value.said?.playlist;
    return html`
      <h3>${t('soundtrack.mine')}</h3>
      ${list(this.#listing, (choice) => this.#choice(choice, choice.id === attached), { label: t('soundtrack.mine'), empty: t('soundtrack.none'), icon: 'music' })}
    `;
  }

  render() {
    const { said } = this.call.soundtrack.value;
    return html`${said ? this.#now(said) : html`<p class="small">${t('soundtrack.lead')}</p>`}${this.#choices()}`;
  }
}

customElements.define('mc-soundtrack-panel', SoundtrackPanel);
