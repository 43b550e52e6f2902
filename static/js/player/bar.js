// The player's bar at the bottom of every page, while there is something to play.

import { fetchConfig } from '../api.js';
import { announce } from '../call/announce.js';
import { rings } from '../calls/ringing.js';
import { language, need, t } from '../i18n.js';
import { Element, html, live, nothing } from '../lit.js';
import { rendered, watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toasts.js';
import { followMediaKeys } from './media-keys.js';
import { player } from './player.js';
import { artistOf, clockOf, titleOf } from './song.js';
import { Video, mayHaveVideo } from './video.js';

/** @import { Song } from './song.js' */

const TICK_MS = 250;
/** What an arrow key moves, in seconds and in shares of the volume. */
const STEP_S = 5;

class PlayerBar extends Element {
  static properties = { ready: { state: true }, dragged: { state: true }, asking: { state: true }, videos: { state: true } };

  #timer = 0;
  #said = '';

  constructor() {
    super();
    this.ready = false;
    /** Where the seek bar is held, in seconds. @type {number | null} */
    this.dragged = null;
    /** Whether one is being asked about YouTube. */
    this.asking = false;
    /** Whether the server looks for videos; not known at first. @type {boolean | undefined} */
    this.videos = undefined;
    watch(this, language);
    watch(this, player);
    followMediaKeys(player);
    need(['player']).then(() => (this.ready = true));
    rings.addEventListener('change', () => player.duck(rings.value.now?.status === 'ringing'));
    player.addEventListener('change', () => this.#tick());
    // Something may play already.
    this.#tick();
  }

  #tick() {
    if (!this.#timer && player.value.playing) this.#timer = window.setInterval(() => this.requestUpdate(), TICK_MS);
    if (this.#timer && !player.value.playing) {
      clearInterval(this.#timer);
      this.#timer = 0;
    }
    if (player.song && this.videos === undefined) fetchConfig().then((/** @type {any} */ config) => (this.videos = config.videos), () => {});
  }

  updated() {
    const { song } = player;
    Video.place = this.querySelector('.player-video');
    document.documentElement.toggleAttribute('data-player', Boolean(song) && !player.value.aside);
    if (!song || !this.ready || !player.value.playing) return;
    const said = `${song.id}/${player.value.index}`;
    if (said === this.#said) return;
    // The first was just asked for; the others come by themselves.
    if (this.#said) announce(t('player.now', { title: titleOf(song), artist: artistOf(song) }));
    this.#said = said;
  }

  /** @param {KeyboardEvent} event */
  #seekKey(event) {
    const by = { ArrowRight: STEP_S, ArrowUp: STEP_S, ArrowLeft: -STEP_S, ArrowDown: -STEP_S }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    player.seek(player.position + by);
  }

  /** @param {Event} event */
  #drag(event) {
    this.dragged = Number(/** @type {HTMLInputElement} */ (event.target).value);
  }

  /** @param {Event} event */
  #drop(event) {
    player.seek(Number(/** @type {HTMLInputElement} */ (event.target).value));
    this.dragged = null;
  }

  /** The gesture that the browser waits for. */
  async #listen() {
    player.resume();
    await rendered();
    if (document.activeElement === document.body) /** @type {HTMLElement | null} */ (this.querySelector('[data-part="play"]'))?.focus();
  }

  async #watchVideos() {
    this.asking = false;
    if (!(await player.watchVideos(true))) toast(t('player.no-video'));
  }

  /** @param {Song} song */
  #about(song) {
    const { index, queue, origin } = player.value;
    const cover = origin.cover
      ? html`<img class="player-cover" src=${origin.cover} alt="" width="48" height="48">`
      : html`<span class="player-cover">${icon('music')}</span>`;
    const place = t('player.place', { place: index + 1, count: queue.length });
    return html`
      <div class="player-song">
        ${origin.href ? html`<a href=${origin.href} aria-label=${t('player.list', { title: origin.title ?? '' })} title=${origin.title ?? ''}>${cover}</a>` : cover}
        <div class="player-words">
          <strong title=${titleOf(song)}>${titleOf(song)}</strong>
          <span class="small"><span class="player-artist">${artistOf(song)}</span>${queue.length > 1
            ? html`<span class="player-place"><span class="unseen">${place}</span><span aria-hidden="true">${index + 1} / ${queue.length}</span></span>`
            : nothing}</span>
        </div>
      </div>
    `;
  }

  #controls() {
    const { playing, index, queue } = player.value;
    return html`
      <div class="player-controls">
        <button type="button" class="button quiet round" data-part="previous" aria-label=${t('player.previous')} title=${t('player.previous')} @click=${() => player.previous()}>${icon('song-previous')}</button>
        <button type="button" class="button accent round" data-part="play" aria-label=${t(playing ? 'player.pause' : 'player.play')} title=${t(playing ? 'player.pause' : 'player.play')} @click=${() => player.toggle()}>
          ${icon(playing ? 'pause' : 'play')}
        </button>
        <button type="button" class="button quiet round" data-part="next" aria-label=${t('player.next')} title=${t('player.next')} ?disabled=${index + 1 >= queue.length} @click=${() => player.next()}>${icon('song-next')}</button>
      </div>
    `;
  }

  #seek() {
    const { seconds } = player;
    const position = Math.min(seconds, this.dragged ?? player.position);
    const words = t('player.of', { position: clockOf(position), length: clockOf(seconds) });
    return html`
      <div class="player-seek">
        <span class="small" aria-hidden="true" data-part="position">${clockOf(position)}</span>
        <input
          type="range"
          data-part="seek"
          min="0"
          max=${Math.round(seconds)}
          step="1"
          aria-label=${t('player.seek')}
          aria-valuetext=${words}
          .value=${live(String(Math.round(position)))}
          @keydown=${this.#seekKey}
          @input=${this.#drag}
          @change=${this.#drop}
        >
        <span class="small" aria-hidden="true">${clockOf(seconds)}</span>
      </div>
    `;
  }

  #volume() {
    const { volume, muted } = player.value;
    const percent = Math.round(volume * 100);
    return html`
      <div class="player-volume">
        <button type="button" class="button quiet round" data-part="mute" aria-label=${t('player.mute')} aria-pressed=${muted} title=${t('player.mute')} @click=${() => player.mute(!muted)}>
          ${icon(muted || !volume ? 'speaker-off' : 'speaker')}
        </button>
        <input
          type="range"
          data-part="volume"
          min="0"
          max="100"
          step="5"
          aria-label=${t('player.volume')}
          aria-valuetext=${t('player.percent', { percent: muted ? 0 : percent })}
          .value=${live(String(muted ? 0 : percent))}
          @input=${(/** @type {Event} */ event) => player.setVolume(Number(/** @type {HTMLInputElement} */ (event.target).value) / 100)}
        >
      </div>
    `;
  }

  /** @param {Song} song */
  #video(song) {
    const { sees } = player.value;
    if (!sees && !mayHaveVideo(song, this.videos)) return nothing;
    const word = t(sees ? 'player.preview' : 'player.video');
    return html`
      <button type="button" class="button quiet round" data-part="video" aria-label=${word} title=${word} aria-expanded=${sees ? nothing : this.asking} @click=${() =>
        sees ? player.watchVideos(false) : (this.asking = !this.asking)}>${icon(sees ? 'music' : 'video')}</button>
    `;
  }

  #question() {
    if (!this.asking || player.value.sees) return nothing;
    return html`
      <div class="player-ask" role="group" aria-label=${t('player.video')} @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && (this.asking = false)}>
        <p>${t('player.google')}</p>
        <div class="row">
          <button type="button" class="button accent" @click=${this.#watchVideos}>${t('player.watch')}</button>
          <button type="button" class="button quiet" @click=${() => (this.asking = false)}>${t('player.no')}</button>
        </div>
      </div>
    `;
  }

  render() {
    const { song } = player;
    const { aside, sees, playing, blocked, index } = player.value;
    if (!song || !this.ready || aside) return nothing;
    return html`
      <section class="player" aria-label=${t('player.name')} data-song=${song.id} data-index=${index} ?data-playing=${playing} ?data-sees=${sees}>
        ${this.#question()}
        <div class="player-video" ?hidden=${!sees}></div>
        <div class="player-row">
          ${this.#about(song)}${this.#controls()}${this.#seek()}${this.#volume()}
          <div class="player-ends">
            ${this.#video(song)}
            <button type="button" class="button quiet round" data-part="close" aria-label=${t('player.close')} title=${t('player.close')} @click=${() => player.close()}>${icon('close')}</button>
          </div>
        </div>
        ${blocked
          ? html`<div class="player-blocked" role="status">
              <span>${t('player.blocked')}</span><button type="button" class="button accent" data-part="listen" @click=${this.#listen}>${icon('speaker')}${t('player.listen')}</button>
            </div>`
          : nothing}
      </section>
    `;
  }
}

customElements.define('mc-player', PlayerBar);
