// A song's video in YouTube's own frame. Nothing of it is loaded before somebody has asked for it, and their script never: the
// frame is talked to by the messages that their script would send.

import { ask } from '../api.js';
import { titleOf } from './song.js';

/** @import { Song } from './song.js' */

const ORIGIN = 'https://www.youtube-nocookie.com';
const SAYS = { ended: 0, playing: 1, paused: 2 };

/** What was found, or was not, by song. @type {Map<string, string | null>} */
const found = new Map();

/**
 * Whether a song may have a video.
 * @param {Song} song
 * @param {boolean | undefined} videos whether the server looks for videos, and so lets pages show them; not known at first
 */
export const mayHaveVideo = (song, videos) => videos !== false && (Boolean(song.video) || (videos === true && song.source === 'named'));

/** Events: `change` when it plays or pauses, `ended`, `failed`. */
export class Video extends EventTarget {
  /** Where the frame goes; the bar says so. @type {HTMLElement | null} */
  static place = null;

  /** @type {HTMLIFrameElement | undefined} */
  #frame;
  #position = 0;
  /** When the position was heard of, in ms. */
  #at = 0;
  #volume = 1;
  #ready = false;
  playing = false;
  seconds = 0;

  /**
   * @param {Song} song
   * @returns {Promise<string | null>} the video's id
   */
  async find(song) {
    if (song.video) return song.video;
    if (song.source !== 'named') return null;
    const before = found.get(song.id);
    if (before !== undefined) return before;
    try {
      const answer = await ask(`/songs/${song.id}/video`, { method: 'PUT' });
      found.set(song.id, answer?.video_id ?? null);
    } catch {
      return null;
    }
    return found.get(song.id) ?? null;
  }

  /**
   * @param {string} id
   * @param {Song} song
   */
  show(id, song) {
    this.stop();
    const frame = document.createElement('iframe');
    const query = new URLSearchParams({ autoplay: '1', playsinline: '1', rel: '0', enablejsapi: '1', origin: location.origin });
    frame.src = `${ORIGIN}/embed/${encodeURIComponent(id)}?${query}`;
    frame.title = titleOf(song);
    frame.allow = 'autoplay; encrypted-media; fullscreen';
    // They refuse to play for a page that does not say which it is.
    frame.referrerPolicy = 'strict-origin-when-cross-origin';
    frame.addEventListener('load', () => this.#say({ event: 'listening' }));
    this.#frame = frame;
    [this.#position, this.#at, this.#ready, this.playing, this.seconds] = [0, 0, false, true, 0];
    window.addEventListener('message', this.#hear);
    Video.place?.replaceChildren(frame);
  }

  stop() {
    window.removeEventListener('message', this.#hear);
    this.#frame?.remove();
    this.#frame = undefined;
    this.playing = false;
  }

  get position() {
    const since = this.playing && this.#at ? (performance.now() - this.#at) / 1_000 : 0;
    return this.#position + since;
  }

  set volume(/** @type {number} */ volume) {
    this.#volume = volume;
    this.#do('setVolume', Math.round(volume * 100));
  }

  play() {
    this.#do('playVideo');
  }

  pause() {
    this.#do('pauseVideo');
  }

  /** @param {number} seconds */
  seek(seconds) {
    [this.#position, this.#at] = [seconds, performance.now()];
    this.#do('seekTo', seconds, true);
  }

  /** @param {string} func @param {...unknown} args */
  #do(func, ...args) {
    this.#say({ event: 'command', func, args });
  }

  /** @param {object} message */
  #say(message) {
    this.#frame?.contentWindow?.postMessage(JSON.stringify({ id: 1, channel: 'widget', ...message }), ORIGIN);
  }

  #hear = (/** @type {MessageEvent} */ { source, origin, data }) => {
    if (origin !== ORIGIN || source !== this.#frame?.contentWindow || typeof data !== 'string') return;
    /** @type {any} */
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message?.event === 'onError') this.dispatchEvent(new Event('failed'));
    const info = message?.info;
    if (!this.#ready) {
      this.#ready = true;
      this.volume = this.#volume;
    }
    if (typeof info?.duration === 'number') this.seconds = info.duration;
    if (typeof info?.currentTime === 'number') [this.#position, this.#at] = [info.currentTime, performance.now()];
    if (typeof info?.playerState !== 'number') return;
    const playing = info.playerState === SAYS.playing || (this.playing && info.playerState !== SAYS.paused && info.playerState !== SAYS.ended);
    const ended = info.playerState === SAYS.ended;
    if (playing !== this.playing) {
      // Where it stood counts, not where it would be by now.
      this.#position = this.position;
      this.#at = performance.now();
      this.playing = playing;
      this.dispatchEvent(new Event('change'));
    }
    if (ended) this.dispatchEvent(new Event('ended'));
  };
}
