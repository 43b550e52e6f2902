// A song's preview as something that plays: starts, pauses, moves, gets louder. Everything is made in the page.

import { compose, secondsOf } from './score.js';
import { Output, Take } from './synth.js';

/** @import { PreviewData, Score } from './score.js' */

/** Seconds until the first note: time to put it on the clock. */
const LEAD_S = 0.03;
/** How far notes are put on the clock ahead. A page in the background looks only once a second. */
const AHEAD_S = 2.5;
const EVERY_MS = 250;
/** How long a browser may take to let sound out, before it is taken for a refusal. */
const ALLOWED_WITHIN_MS = 1_500;
/** How long silence goes on before the device is let go: a context that runs costs power. */
const IDLE_MS = 20_000;

/** One context for the page: browsers give only a few. @type {AudioContext | undefined} */
let shared;

/** @returns {AudioContext} */
export function audioContext() {
  shared ??= new AudioContext({ latencyHint: 'balanced' });
  return shared;
}

/** Who plays right now. @type {Set<Preview>} */
const sounding = new Set();
let idle = 0;

function rest() {
  clearTimeout(idle);
  if (sounding.size) return;
  idle = window.setTimeout(() => void (sounding.size || shared?.suspend().catch(() => {})), IDLE_MS);
}

/**
 * Events: `ended`; `blocked` when the browser wants a gesture first.
 */
export class Preview extends EventTarget {
  /** @type {Output | undefined} */
  #output;
  /** @type {Take | undefined} */
  #take;
  /** @type {Score | undefined} */
  #score;
  #volume;
  #position = 0;
  #timer = 0;
  #end = 0;

  /** @param {number} volume 0 to 1 */
  constructor(volume) {
    super();
    this.#volume = volume;
  }

  get playing() {
    return this.#take !== undefined;
  }

  /** Seconds of what is loaded. */
  get seconds() {
    return this.#score?.seconds ?? 0;
  }

  /** Where one hears it, in seconds. */
  get position() {
    return this.#take ? Math.max(this.#take.from, Math.min(this.seconds, this.#take.position - this.#lag())) : this.#position;
  }

  set volume(/** @type {number} */ volume) {
    this.#volume = volume;
    if (this.#output) this.#output.volume = volume;
  }

  /** Seconds between the context and the ear. */
  #lag() {
    const { outputLatency = 0 } = audioContext();
    return Math.min(0.5, outputLatency || 0);
  }

  /**
   * Loads a song and stands at a position, silent.
   * @param {PreviewData} data
   * @param {number} [position] seconds
   */
  load(data, position = 0) {
    this.pause();
    this.#score = compose(data);
    this.#position = Math.min(position, secondsOf(data));
  }

  /** Goes on from where it stands. */
  async play() {
    if (!this.#score || this.playing) return;
    this.#begin(this.#position);
    await this.#allow();
  }

  async #allow() {
    const context = audioContext();
    if (context.state === 'running') return;
    // Without a gesture it stays suspended for ever: its clock stands, and so does the position.
    await Promise.race([context.resume().catch(() => {}), new Promise((resolve) => setTimeout(resolve, ALLOWED_WITHIN_MS))]);
    if (this.playing && audioContext().state !== 'running') this.dispatchEvent(new Event('blocked'));
  }

  /** @param {number} from */
  #begin(from) {
    if (!this.#score) return;
    const context = audioContext();
    this.#output ??= new Output(context, this.#volume);
    const old = this.#take;
    const at = context.currentTime + LEAD_S;
    this.#take = new Take(this.#output, this.#score, from, at);
    if (old) {
      this.#take.fadeIn();
      old.stop(at);
    }
    this.#take.schedule(at + AHEAD_S);
    sounding.add(this);
    rest();
    clearInterval(this.#timer);
    this.#timer = window.setInterval(() => this.#take?.schedule(context.currentTime + AHEAD_S), EVERY_MS);
    this.#watch();
  }

  /** Waits for the end. */
  #watch() {
    clearTimeout(this.#end);
    const take = this.#take;
    if (!take) return;
    const left = take.score.seconds - take.position;
    if (left <= 0.005) {
      this.pause();
      this.#position = take.score.seconds;
      this.dispatchEvent(new Event('ended'));
      return;
    }
    // A context that stands still, or a slow timer: it looks again.
    this.#end = window.setTimeout(() => this.#watch(), Math.max(20, Math.min(left, 5) * 1_000));
  }

  pause() {
    clearInterval(this.#timer);
    clearTimeout(this.#end);
    if (!this.#take) return;
    this.#position = this.position;
    this.#take.stop();
    this.#take = undefined;
    sounding.delete(this);
    rest();
  }

  /**
   * Moves, and goes on playing where it played.
   * @param {number} position what shall be heard now, in seconds
   */
  seek(position) {
    const to = Math.min(this.seconds, Math.max(0, position));
    if (!this.playing) this.#position = to;
    else this.#begin(to);
  }

  /**
   * Plays along with somebody: from here on, one hears what they hear.
   * @param {number} position what they hear now, in seconds
   */
  async join(position) {
    this.#begin(Math.min(this.seconds, Math.max(0, position + LEAD_S + this.#lag())));
    await this.#allow();
  }

  close() {
    this.pause();
    this.#output?.close();
    this.#output = undefined;
  }
}
