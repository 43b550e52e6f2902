// A socket of one's own outside any call: only to hear what happens to oneself. It comes back by itself.

import { Refusal } from '../api.js';

const VERSION = 1;
const HELLO_WITHIN_MS = 10_000;
const PING_EVERY_MS = 15_000;
const SILENT_AFTER_MS = 40_000;
const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 30_000;
/** Refusals by which nothing is said about the next time: too slow, too often. */
const PASSING = [408, 429];

/** Events: `open` after each time it got through, `message` (detail: what the server said). */
export class Line extends EventTarget {
  /** @type {AbortController | null} */
  #life = null;

  /** @param {() => Promise<{ticket: string}>} fetchTicket */
  constructor(fetchTicket) {
    super();
    this.fetchTicket = fetchTicket;
  }

  start() {
    if (this.#life) return;
    this.#life = new AbortController();
    this.#keepUp(this.#life.signal);
  }

  stop() {
    this.#life?.abort();
    this.#life = null;
  }

  /** @param {AbortSignal} life */
  async #keepUp(life) {
    for (let attempt = 0; !life.aborted; attempt += 1) {
      try {
        const { ticket } = await this.fetchTicket();
        if (life.aborted) return;
        const heard = await this.#listen(ticket, life);
        if (heard) attempt = 0;
      } catch (error) {
        if (error instanceof Refusal && error.status >= 400 && error.status < 500 && !PASSING.includes(error.status)) return;
      }
      const most = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** attempt);
      // Jitter, so that a server that restarts is not met by everybody at once.
      await untilDue(most * (0.5 + Math.random() / 2), life);
    }
  }

  /**
   * One connection from the first word to its end.
   * @param {string} ticket
   * @param {AbortSignal} life
   * @returns {Promise<boolean>} whether the server let us in
   */
  #listen(ticket, life) {
    const url = new URL('/api/v1/socket', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    let inside = false;
    let heard = performance.now();
    const end = () => socket.close();
    const pulse = setInterval(() => {
      const silence = performance.now() - heard;
      if (silence > (inside ? SILENT_AFTER_MS : HELLO_WITHIN_MS)) end();
      else if (inside && socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
    }, PING_EVERY_MS);
    life.addEventListener('abort', end);
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, type: 'hello', version: VERSION, ticket }));
    socket.onmessage = (event) => {
      heard = performance.now();
      const message = JSON.parse(String(event.data));
      if (message.type === 'listening' && !inside) {
        inside = true;
        this.dispatchEvent(new Event('open'));
      }
      if (!life.aborted) this.dispatchEvent(new CustomEvent('message', { detail: message }));
    };
    return new Promise((resolve) => {
      socket.onclose = () => {
        clearInterval(pulse);
        life.removeEventListener('abort', end);
        resolve(inside);
      };
    });
  }
}

/**
 * Waits, but not longer than until the network is back or somebody looks at the page again.
 * @param {number} ms
 * @param {AbortSignal} life
 * @returns {Promise<void>}
 */
function untilDue(ms, life) {
  return new Promise((resolve) => {
    const seen = () => document.visibilityState === 'visible' && done();
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      document.removeEventListener('visibilitychange', seen);
      life.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    document.addEventListener('visibilitychange', seen);
    life.addEventListener('abort', done);
  });
}
