// A room's page from arriving to leaving: lobby, call, or a plain word about why neither.

import { Refusal, fetchRoom } from '../api.js';
import { Call } from '../call/call.js';
import { Media } from '../call/media.js';
import { language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { browser, tab } from '../memory.js';
import { heldSeat, holdSeat } from '../seat.js';
import { notices } from '../notices/notices.js';
import { watch } from '../store.js';
import './call.js';
import './farewell.js';
import './lobby.js';

class Room extends Element {
  static properties = {
    call: { state: true },
    code: { state: true },
    seats: { state: true },
  };

  constructor() {
    super();
    this.room = location.pathname.split('/')[2] ?? '';
    this.media = new Media();
    /** @type {Call | null} */
    this.call = null;
    this.code = '';
    /** @type {{capacity: number, participants: number} | null} */
    this.seats = null;
    watch(this, language);
    this.#arrive();
  }

  async #arrive() {
    const name = tab.recall('name', browser.recall('name', ''));
    if (tab.recall(`resume.${this.room}`, '') && name && (await heldSeat(this.room))) {
      await this.media.takeAllowed();
      await this.#enter(name, true);
      return;
    }
    this.media.takeAllowed();
    try {
      this.seats = await fetchRoom(this.room);
      if (this.seats.participants >= this.seats.capacity) this.code = 'room-full';
    } catch (error) {
      if (error instanceof Refusal) this.code = error.code;
    }
  }

  /** Whether going elsewhere would end something: asked by the router. */
  get asksBeforeLeaving() {
    return this.call !== null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.call?.leave();
    this.call = null;
    this.media.close();
  }

  /**
   * @param {string} name
   * @param {boolean} resume
   */
  async #enter(name, resume) {
    browser.keep('name', name);
    tab.keep('name', name);
    holdSeat(this.room);
    const call = new Call(this.room, name, this.media);
    const deafen = notices.hearIn(call.wire);
    call.addEventListener('change', () => {
      if (call.value.phase !== 'ended') return;
      deafen();
      this.#over(call.value.code);
    });
    this.call = call;
    this.code = '';
    // The door and the devices open at the same time; whoever is slower does not hold up the other.
    const devices = resume ? Promise.resolve() : this.media.takeWanted();
    await Promise.all([call.start(resume), devices]);
  }

  /** @param {string} code */
  #over(code) {
    this.call = null;
    this.code = code;
  }

  #again() {
    this.code = '';
    this.media = new Media();
    this.#arrive();
  }

  render() {
    document.title = t(this.call ? 'call.title' : 'lobby.title');
    if (this.code) {
      return html`<mc-farewell .code=${this.code} @again=${this.#again}></mc-farewell>`;
    }
    if (this.call) return html`<mc-call .call=${this.call}></mc-call>`;
    return html`<mc-lobby
      .media=${this.media}
      .seats=${this.seats}
      @join=${(/** @type {CustomEvent<string>} */ event) => this.#enter(event.detail, false)}
    ></mc-lobby>`;
  }
}

customElements.define('mc-room', Room);
