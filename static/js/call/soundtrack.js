// The room's soundtrack, heard here: what the server says plays is played at the same place as everywhere else.

import { browser } from '../memory.js';
import { Preview } from '../player/preview.js';
import { Store } from '../store.js';
import { ServerClock } from './soundtrack-clock.js';

/** @import { ServerMessage, Soundtrack as Said } from '../messages.d.ts' */
/** @import { Wire } from '../protocol.js' */

const LOOK_MS = 1_000;
/** What may be off, in seconds. Two pages are apart by no more than twice as much. */
const APART_S = 0.06;
/** This is corrected at once; what is less, when it was so twice: one reading may be late on a busy machine. */
const FAR_S = 0.25;
/** Voices come first. */
const VOLUME = 0.35;

/**
 * `blocked`: the browser wants a gesture before it lets sound out.
 * @extends {Store<{said: Said | null, volume: number, muted: boolean, blocked: boolean}>}
 */
export class Soundtrack extends Store {
  /** @type {Preview | undefined} */
  #preview;
  /** What the preview has loaded. */
  #loaded = '';
  #timer = 0;
  #off = 0;

  /** @param {Wire} wire */
  constructor(wire) {
    const { volume, muted } = browser.recall('soundtrack', { volume: VOLUME, muted: false });
    super({ said: null, volume, muted, blocked: false });
    this.wire = wire;
    this.clock = new ServerClock(wire);
    this.clock.addEventListener('change', () => this.#align());
    wire.addEventListener('message', (event) => this.#hear(/** @type {CustomEvent<ServerMessage>} */ (event).detail));
    wire.addEventListener('back', () => this.clock.again());
    wire.addEventListener('ended', () => this.close());
  }

  /** @param {ServerMessage} message */
  #hear(message) {
    // A new seat in a room where nothing plays is told nothing of it; a seat that was taken back is.
    if (message.type === 'roster' && message.re !== undefined) this.#take(null);
    if (message.type === 'soundtrack') this.#take(message.soundtrack);
  }

  /** @param {Said | null} said */
  #take(said) {
    this.set({ said });
    this.#off = 0;
    if (said) this.clock.start();
    else this.clock.stop();
    if (said && !this.#timer) this.#timer = window.setInterval(() => this.#align(), LOOK_MS);
    if (!said) {
      clearInterval(this.#timer);
      this.#timer = 0;
    }
    this.#align();
  }

  /** Where the room is in the song, in seconds. */
  get position() {
    const { said } = this.value;
    if (!said) return 0;
    const gone = said.playing ? this.clock.now() - Date.parse(said.at) : 0;
    return Math.min(this.seconds, Math.max(0, (said.position_ms + gone) / 1_000));
  }

  get seconds() {
    return Math.max(1, this.value.said?.song.preview.seconds ?? 1);
  }

  /** Where one hears it here, in seconds; null when one hears nothing. */
  get heard() {
    return this.#preview?.playing && !this.value.blocked ? this.#preview.position : null;
  }

  /** Plays what the room plays, where the room plays it. */
  #align() {
    const { said, blocked } = this.value;
    if (!said?.playing) return this.#preview?.pause();
    // Without the server's clock one would only guess.
    if (!this.clock.known || blocked) return;
    const preview = this.#instrument();
    const loaded = `${said.song.id}/${said.index}/${said.at}`;
    const { position } = this;
    // It has ended; the server is about to say what comes next.
    if (position >= this.seconds) return;
    if (loaded !== this.#loaded || !preview.playing) {
      // The same song at another place is moved in, so that one hears no gap.
      if (!preview.playing || !this.#loaded.startsWith(`${said.song.id}/`)) preview.load(said.song.preview, position);
      this.#loaded = loaded;
      this.#off = 0;
      preview.join(position);
      return;
    }
    const apart = Math.abs(preview.position - position);
    this.#off = apart > APART_S ? this.#off + 1 : 0;
    if (apart < FAR_S && this.#off < 2) return;
    this.#off = 0;
    preview.join(position);
  }

  #instrument() {
    if (this.#preview) return this.#preview;
    const preview = new Preview(this.#loudness());
    preview.addEventListener('blocked', () => {
      preview.pause();
      this.set({ blocked: true });
    });
    this.#preview = preview;
    return preview;
  }

  /** After a gesture: the browser lets sound out now. */
  unblock() {
    this.set({ blocked: false });
    this.#align();
  }

  #loudness() {
    return this.value.muted ? 0 : this.value.volume;
  }

  /** One's own volume: nobody else hears of it. @param {{volume?: number, muted?: boolean}} patch */
  loud(patch) {
    this.set(patch);
    const { volume, muted } = this.value;
    browser.keep('soundtrack', { volume, muted });
    if (this.#preview) this.#preview.volume = this.#loudness();
  }

  /** For the host. @param {'play' | 'pause' | 'next' | 'previous'} action */
  conduct(action) {
    this.wire.tell({ type: 'soundtrack', action });
  }

  /** For the host. @param {number} seconds */
  seek(seconds) {
    const most = Math.min(seconds, this.seconds);
    this.wire.tell({ type: 'soundtrack', action: 'seek', position_ms: Math.round(Math.max(0, most) * 1_000) });
  }

  close() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.clock.stop();
    this.#preview?.close();
    this.#preview = undefined;
    this.set({ said: null });
  }
}
