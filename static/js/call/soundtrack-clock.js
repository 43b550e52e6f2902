// What time it is for the server. Each answer says it within the time that the question took; the quickest says it best.

/** @import { Wire } from '../protocol.js' */

/** Questions at first, and the time between them, in ms. */
const FIRST = 6;
const FIRST_MS = 120;
/** From then on, in ms: clocks run apart, a little. */
const EVERY_MS = 20_000;
/** How long an answer is worth something, in ms. */
const WORTH_MS = 120_000;

/** A clock that nobody sets while the page is open, in ms since 1970. */
const local = () => performance.timeOrigin + performance.now();

/** Event `change` when it knows better. */
export class ServerClock extends EventTarget {
  /** @type {{offset: number, trip: number, at: number}[]} */
  #samples = [];
  #timer = 0;
  #asked = 0;

  /** @param {Wire} wire */
  constructor(wire) {
    super();
    this.wire = wire;
  }

  /** Whether the server has said it at least once. */
  get known() {
    return this.#samples.length > 0;
  }

  /** Server minus page, in ms. */
  get offset() {
    const [first] = this.#samples;
    if (!first) return 0;
    return this.#samples.reduce((best, sample) => (sample.trip < best.trip ? sample : best), first).offset;
  }

  /** The server's time now, in ms since 1970. */
  now() {
    return local() + this.offset;
  }

  start() {
    if (!this.#timer) this.#ask();
  }

  /** The way to the server is a new one: what was measured on the old one may be wrong. */
  again() {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#samples = [];
    this.#asked = 0;
    this.#ask();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  async #ask() {
    this.#asked += 1;
    this.#timer = window.setTimeout(() => this.#ask(), this.#asked < FIRST ? FIRST_MS : EVERY_MS);
    if (!this.wire.open) return;
    const sent = local();
    try {
      const { at } = await this.wire.request('clock', { type: 'clock' });
      const heard = local();
      // Whole milliseconds: in the middle, it is half of one later.
      this.#samples.push({ offset: Date.parse(at) + 0.5 - (sent + heard) / 2, trip: heard - sent, at: heard });
      this.#samples = this.#samples.filter((sample) => heard - sample.at < WORTH_MS);
      this.dispatchEvent(new Event('change'));
    } catch {
      // The next one will be answered.
    }
  }
}
