// What happens when media stops: wait a moment, restart ICE three times, then join again from nothing.

const PATIENCE_MS = 1_500;
const RESTARTS = 3;
const EACH_MS = 4_000;

export class Recovery {
  #attempts = 0;
  #timer = 0;

  /**
   * @param {import('./connection.js').Connection} connection
   * @param {{reachable: () => boolean, rejoin: () => void, changed: (lost: boolean) => void}} hooks
   *   `reachable`: whether the server can be asked at all; while it cannot, nothing is counted
   */
  constructor(connection, hooks) {
    this.connection = connection;
    this.hooks = hooks;
    connection.addEventListener('state', () => this.#look());
  }

  #look() {
    const state = this.connection.pc.iceConnectionState;
    if (this.connection.healthy) {
      this.#attempts = 0;
      clearTimeout(this.#timer);
      this.#timer = 0;
      this.hooks.changed(false);
    } else if (state === 'disconnected' || state === 'failed') {
      this.hooks.changed(true);
      if (!this.#timer) this.#later(state === 'failed' ? 0 : PATIENCE_MS);
    }
  }

  /** The way to the server changed or came back: do not wait for the browser to notice. */
  nudge() {
    if (!this.connection.healthy && this.connection.pc.iceConnectionState !== 'new') this.#later(0);
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** @param {number} ms */
  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#try(), ms);
  }

  async #try() {
    if (this.connection.healthy) return;
    if (!this.hooks.reachable()) return this.#later(PATIENCE_MS);
    this.#attempts += 1;
    if (this.#attempts > RESTARTS) return this.hooks.rejoin();
    this.#later(EACH_MS);
    await this.connection.restart().catch(() => {});
  }
}
