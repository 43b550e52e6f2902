// The one player of the app. It outlives pages: whatever page one goes to, the queue goes on.

import { browser } from '../memory.js';
import { session } from '../session.js';
import { Store } from '../store.js';
import { Preview } from './preview.js';
import { Video } from './video.js';

/** @import { Song } from './song.js' */

/** Later than this, "previous" begins the song again, in seconds. */
const AGAIN_S = 3;
/** How much of the volume is left while somebody rings. */
const DUCKED = 0.15;

/**
 * Where a queue comes from, for the bar: the list's title, its page, its cover.
 * @typedef {{id?: string, title?: string, href?: string, cover?: string | null}} Origin
 */

/**
 * @typedef {object} Playing
 * @property {Song[]} queue empty when the player is closed
 * @property {number} index
 * @property {boolean} playing whether sound comes, or would if the browser let it
 * @property {boolean} blocked the browser wants a gesture first
 * @property {Origin} origin
 * @property {number} volume 0 to 1
 * @property {boolean} muted
 * @property {boolean} videos whether songs that have a video play it: somebody clicked, and knows that Google hears of it
 * @property {boolean} aside a call goes on: the player is silent and not shown
 * @property {boolean} sees whether the song that is on plays its video
 */

/** Event `change`. @extends {Store<Playing>} */
class Player extends Store {
  /** @type {Preview | undefined} */
  #preview;
  /** @type {Video | undefined} */
  #video;
  #ducked = false;
  /** Counts songs, so that a video that is found late does not replace the next song. */
  #turn = 0;

  constructor() {
    const { volume, muted } = browser.recall('player', { volume: 0.8, muted: false });
    super({ queue: [], index: 0, playing: false, blocked: false, origin: {}, volume, muted, videos: false, aside: false, sees: false });
    // What only a member may see is not heard on after the log-out.
    session.addEventListener('change', () => {
      if (!session.me && this.song) this.close();
    });
  }

  /** The song that is on. @returns {Song | undefined} */
  get song() {
    return this.value.queue[this.value.index];
  }

  /** Where it is, in seconds. */
  get position() {
    return this.#source?.position ?? 0;
  }

  /** How long it is, in seconds. */
  get seconds() {
    const { song } = this;
    return (this.value.sees ? this.#video?.seconds : undefined) || (song ? Math.max(1, song.preview.seconds) : 0);
  }

  get #source() {
    return this.value.sees ? this.#video : this.#preview;
  }

  /** Whether this song, of this list if one is named, is the one that is on. @param {string} song @param {string} [list] */
  isOn(song, list) {
    return this.song?.id === song && (list === undefined || this.value.origin.id === list);
  }

  /**
   * Plays songs from one on. Call it from a click or a key: browsers let no sound out without.
   * @param {Song[]} queue
   * @param {number} [index]
   * @param {{origin?: Origin}} [options]
   */
  play(queue, index = 0, { origin = {} } = {}) {
    if (!queue.length) return this.close();
    this.set({ queue: [...queue], origin });
    return this.#start(Math.min(Math.max(0, index), queue.length - 1));
  }

  /** @param {number} index */
  async #start(index) {
    this.#turn += 1;
    const song = this.value.queue[index];
    if (!song) return;
    this.#video?.stop();
    this.#preview?.pause();
    this.set({ index, playing: true, blocked: false, sees: false });
    if (this.value.videos && (await this.#watch(song))) return;
    if (this.song !== song || !this.value.playing) return;
    const preview = this.#instrument();
    preview.load(song.preview);
    await preview.play();
  }

  #instrument() {
    if (this.#preview) return this.#preview;
    const preview = new Preview(this.#loudness());
    preview.addEventListener('ended', () => this.#ended());
    preview.addEventListener('blocked', () => {
      preview.pause();
      this.set({ playing: false, blocked: true });
    });
    this.#preview = preview;
    return preview;
  }

  /** Plays the song's video, if there is one. @param {Song} song @returns {Promise<boolean>} */
  async #watch(song) {
    const turn = this.#turn;
    if (!this.#video) {
      const video = new Video();
      video.addEventListener('ended', () => this.value.sees && this.#ended());
      video.addEventListener('change', () => {
        if (this.value.sees) this.set({ playing: video.playing });
      });
      // One that may not be shown here: the preview plays instead.
      video.addEventListener('failed', () => this.#hearInstead());
      this.#video = video;
    }
    const id = await this.#video.find(song);
    if (turn !== this.#turn || !id) return turn !== this.#turn;
    this.#preview?.pause();
    this.set({ sees: true, playing: true });
    this.#video.volume = this.#loudness();
    this.#video.show(id, song);
    return true;
  }

  #hearInstead() {
    const { song } = this;
    if (!song || !this.value.sees) return;
    this.#video?.stop();
    this.set({ sees: false, playing: true });
    this.#instrument().load(song.preview);
    this.#instrument().play();
  }

  /**
   * Videos instead of previews, from here on until the player is closed. Only after somebody has read that YouTube hears of it.
   * @param {boolean} on
   */
  async watchVideos(on) {
    this.set({ videos: on });
    const { song } = this;
    if (on && song) {
      if (!(await this.#watch(song))) return false;
    } else if (!on) this.#hearInstead();
    return true;
  }

  /** Plays on, or pauses. */
  async toggle() {
    if (this.value.playing) this.pause();
    else await this.resume();
  }

  async resume() {
    if (!this.song) return;
    this.set({ playing: true, blocked: false });
    if (this.value.sees) return this.#video?.play();
    const preview = this.#instrument();
    // After the last song's end, it begins again.
    if (preview.position >= preview.seconds - 0.05) preview.load(this.song.preview);
    await preview.play();
  }

  pause() {
    this.#source?.pause();
    this.set({ playing: false });
  }

  next() {
    const { index, queue } = this.value;
    if (index + 1 < queue.length) this.#start(index + 1);
  }

  /** The song before; well into a song, that song again. */
  previous() {
    const { index } = this.value;
    if (this.position > AGAIN_S || index === 0) this.seek(0);
    else this.#start(index - 1);
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.#source?.seek(Math.min(this.seconds, Math.max(0, seconds)));
    this.set({});
  }

  /** @param {number} volume 0 to 1 */
  setVolume(volume) {
    this.#loud({ volume: Math.min(1, Math.max(0, volume)), muted: false });
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#loud({ muted });
  }

  /** @param {{volume?: number, muted?: boolean}} patch */
  #loud(patch) {
    this.set(patch);
    const { volume, muted } = this.value;
    browser.keep('player', { volume, muted });
    this.#applyLoudness();
  }

  /** A call begins, or is over: meanwhile the player is silent. It does not go on by itself. @param {boolean} aside */
  stepAside(aside) {
    if (aside && this.value.playing) this.pause();
    this.set({ aside });
  }

  /** Gets more quiet for something that matters more, as a ringing call. @param {boolean} ducked */
  duck(ducked) {
    if (ducked === this.#ducked) return;
    this.#ducked = ducked;
    this.#applyLoudness();
  }

  #loudness() {
    const { volume, muted } = this.value;
    return muted ? 0 : volume * (this.#ducked ? DUCKED : 1);
  }

  #applyLoudness() {
    if (this.#preview) this.#preview.volume = this.#loudness();
    if (this.#video) this.#video.volume = this.#loudness();
  }

  #ended() {
    const { index, queue } = this.value;
    if (index + 1 < queue.length) this.#start(index + 1);
    else this.set({ playing: false });
  }

  /** Ends it: no song, no bar. */
  close() {
    this.#turn += 1;
    this.#video?.stop();
    this.#preview?.close();
    this.#preview = undefined;
    this.set({ queue: [], index: 0, playing: false, blocked: false, origin: {}, videos: false, sees: false });
  }
}

export const player = new Player();
