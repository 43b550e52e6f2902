// The wire: one WebSocket, numbered requests, and a seat that survives a lost connection.

import { Refusal, createTicket } from './api.js';
import { tab } from './memory.js';

/** @import { ClientMessage, ServerMessage, ServerMessages } from './messages.d.ts' */

const VERSION = 1;
const ANSWER_WITHIN_MS = 10_000;
const PING_EVERY_MS = 8_000;
const SILENT_AFTER_MS = 20_000;
const RETRY_FIRST_MS = 250;
const RETRY_MOST_MS = 4_000;
/** After these, trying again cannot help. */
const FINAL = ['room-full', 'room-gone', 'forbidden', 'version', 'replaced', 'kicked', 'origin', 'invite-needed', 'login-needed'];

/**
 * Events: `message` (detail: ServerMessage), `lost`, `back` (detail: {resumed}), `refused` (detail: Refusal and what was said),
 * `ended` (detail: {code}).
 */
export class Wire extends EventTarget {
  /** @type {WebSocket | undefined} */
  #socket;
  #next = 1;
  /** @type {Map<number, {type: string, resolve: (m: any) => void, reject: (e: Refusal) => void, timer: number}>} */
  #waiting = new Map();
  #ended = false;
  #heard = 0;
  #wake = () => {};

  /**
   * @param {string} room
   * @param {string} name
   */
  constructor(room, name) {
    super();
    this.room = room;
    this.name = name;
    setInterval(() => this.#watchdog(), PING_EVERY_MS);
    window.addEventListener('online', () => this.#wake());
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN && !this.#ended;
  }

  /**
   * Takes a seat, or takes the tab's seat back.
   * @param {boolean} resume
   * @returns {Promise<boolean>} whether an old seat was taken back
   */
  async connect(resume) {
    const token = resume ? tab.recall(`resume.${this.room}`, '') : '';
    if (token) {
      try {
        return await this.#enter({ resume: token });
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'resume') throw error;
        tab.keep(`resume.${this.room}`, undefined);
      }
    }
    const [hostKey, invite] = [tab.recall(`host.${this.room}`, ''), tab.recall(`invite.${this.room}`, '')];
    const { ticket } = await createTicket(this.room, this.name, { ...(hostKey ? { host_key: hostKey } : {}), ...(invite ? { invite } : {}) });
    return this.#enter({ ticket });
  }

  /** @param {{ticket?: string, resume?: string}} key */
  async #enter(key) {
    const socket = await this.#dial();
    try {
      const roster = this.#once('roster');
      const welcome = await this.request('welcome', { type: 'hello', version: VERSION, ...key });
      tab.keep(`resume.${this.room}`, welcome.resume);
      if (!welcome.resumed) await this.request('roster', { type: 'join', room: this.room });
      await roster;
      socket.onclose = () => this.#lost();
      return welcome.resumed;
    } catch (error) {
      socket.onclose = null;
      socket.close();
      throw error;
    }
  }

  /** @returns {Promise<WebSocket>} */
  #dial() {
    const url = new URL('/api/v1/socket', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onmessage = (event) => socket === this.#socket && this.#receive(String(event.data));
    return new Promise((resolve, reject) => {
      socket.onopen = () => {
        this.#heard = performance.now();
        resolve(socket);
      };
      socket.onclose = () => {
        this.#drop('offline');
        reject(new Refusal('offline'));
      };
    });
  }

  /**
   * Says something and waits for its answer.
   * @template {keyof ServerMessages} T
   * @param {T} answer the type that answers it
   * @param {ClientMessage} message
   * @returns {Promise<ServerMessages[T]>}
   */
  request(answer, message) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = window.setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Refusal('slow', answer));
      }, ANSWER_WITHIN_MS);
      this.#waiting.set(id, { type: message.type, resolve, reject, timer });
      if (!this.#send({ id, ...message })) this.#settle(id)?.reject(new Refusal('offline'));
    });
  }

  /**
   * Says something whose only answer is what the room hears; a refusal comes as the event `refused`.
   * @param {ClientMessage} message
   */
  tell(message) {
    const id = this.#next++;
    const timer = window.setTimeout(() => this.#waiting.delete(id), ANSWER_WITHIN_MS);
    const reject = (/** @type {Refusal} */ refusal) =>
      this.#emit('refused', { refusal, type: message.type });
    this.#waiting.set(id, { type: message.type, resolve: () => {}, reject, timer });
    this.#send({ id, ...message });
  }

  /** Gives the seat up and closes. */
  leave() {
    this.tell({ type: 'leave' });
    this.#end('left');
  }

  /** Gives up on a socket that answers nothing more; the seat is taken back over a new one. */
  redial() {
    if (!this.#socket || this.#ended) return;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#lost();
  }

  /** @param {object} message */
  #send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** @param {string} text */
  #receive(text) {
    this.#heard = performance.now();
    /** @type {ServerMessage} */
    const message = JSON.parse(text);
    const asked = message.re === undefined ? undefined : this.#settle(message.re);
    if (message.type === 'error') {
      const refusal = new Refusal(message.code, message.detail);
      if (message.re === undefined) this.#emit('refused', { refusal, type: '' });
      else asked?.reject(refusal);
      return;
    }
    this.#emit('message', message);
    asked?.resolve(message);
    if (message.type === 'kicked') this.#end('kicked');
    if (message.type === 'closed' && !message.retry) this.#end(message.code);
  }

  /** @param {number} id */
  #settle(id) {
    const asked = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(asked?.timer);
    return asked;
  }

  /** @param {string} code */
  #drop(code) {
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(new Refusal(code));
  }

  /** @param {keyof ServerMessages} type */
  #once(type) {
    return new Promise((resolve) => {
      const listen = (/** @type {Event} */ event) => {
        if (/** @type {CustomEvent} */ (event).detail.type !== type) return;
        this.removeEventListener('message', listen);
        resolve(undefined);
      };
      this.addEventListener('message', listen);
    });
  }

  async #lost() {
    this.#drop('offline');
    if (this.#ended) return;
    this.#emit('lost', {});
    for (let attempt = 0; !this.#ended; attempt += 1) {
      const most = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** attempt);
      await this.#sleep(most * (0.5 + Math.random() / 2));
      if (this.#ended) return;
      try {
        const resumed = await this.connect(true);
        this.#emit('back', { resumed });
        return;
      } catch (error) {
        const code = error instanceof Refusal ? error.code : 'internal';
        if (FINAL.includes(code)) this.#end(code);
      }
    }
  }

  /** @param {number} ms */
  #sleep(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }

  /** A connection that died without a word is found by asking. */
  #watchdog() {
    if (!this.open) return;
    if (performance.now() - this.#heard > SILENT_AFTER_MS) this.redial();
    else this.#send({ type: 'ping' });
  }

  /** @param {string} code */
  #end(code) {
    if (this.#ended) return;
    this.#ended = true;
    tab.keep(`resume.${this.room}`, undefined);
    this.#emit('ended', { code });
    // The last words leave before the door closes.
    setTimeout(() => this.#socket?.close(), 100);
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
