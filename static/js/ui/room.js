// A room's page from arriving to leaving: lobby, call, or a plain word about why neither.

import { Refusal } from '../api.js';
import { Call } from '../call/call.js';
import { Media } from '../call/media.js';
import { rings } from '../calls/ringing.js';
import { language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { browser, tab } from '../memory.js';
import { heldSeat, holdSeat } from '../seat.js';
import { notices } from '../notices/notices.js';
import { player } from '../player/player.js';
import { showRoom } from '../rooms/asks.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import './call.js';
import './farewell.js';
import './lobby.js';

/** @import { Room as ShownRoom } from '../rooms/asks.js' */

class Room extends Element {
  static properties = {
    call: { state: true },
    code: { state: true },
    seats: { state: true },
    brought: { state: true },
  };

  /** What to say when one has left. */
  #last = 'left';

  constructor() {
    super();
    this.room = location.pathname.split('/')[2] ?? '';
    this.media = new Media();
    /** @type {Call | null} */
    this.call = null;
    this.code = '';
    /** What is known of the room. @type {ShownRoom | null} */
    this.seats = null;
    /** What the mood of the last call is being made into, or was. */
    this.brought = '';
    watch(this, language);
    this.#arrive();
  }

  async #arrive() {
    const straight = tab.recall(`enter.${this.room}`, /** @type {{camera: boolean} | null} */ (null));
    if (straight && session.me) {
      tab.keep(`enter.${this.room}`, undefined);
      // For this call only: what one usually comes with stays as it was.
      this.media.set({ microphone: true, camera: straight.camera });
      await this.#enter(session.me.nickname, false);
      return;
    }
    // Behind the number sign, so that no server's log has it; from here on in this tab only.
    const token = new URLSearchParams(location.hash.slice(1)).get('invite');
    if (token) {
      tab.keep(`invite.${this.room}`, token);
      history.replaceState(history.state, '', location.pathname);
    }
    const name = tab.recall('name', browser.recall('name', ''));
    if (tab.recall(`resume.${this.room}`, '') && name && (await heldSeat(this.room))) {
      await this.media.takeAllowed();
      await this.#enter(name, true);
      return;
    }
    this.media.takeAllowed();
    try {
      this.seats = await showRoom(this.room);
      if (this.seats.needs === 'forbidden') this.code = 'forbidden';
      if (this.seats.participants >= this.seats.capacity) this.code = 'room-full';
    } catch (error) {
      if (error instanceof Refusal) this.code = error.code;
    }
  }

  /** Whether going elsewhere would end something: asked by the router. */
  get asksBeforeLeaving() {
    return this.call !== null;
  }

  connectedCallback() {
    super.connectedCallback();
    rings.addEventListener('over', this.#hungUp);
  }

  /** The other one of a call has hung up: with nobody else here, it is over for both. */
  #hungUp = (/** @type {Event} */ event) => {
    const { call } = this;
    if (!call || /** @type {CustomEvent} */ (event).detail.room !== this.room) return;
    const over = () => {
      if (this.call !== call || call.others.length) return;
      call.removeEventListener('change', over);
      this.#last = 'hung-up';
      call.leave();
    };
    call.addEventListener('change', over);
    over();
  };

  disconnectedCallback() {
    super.disconnectedCallback();
    rings.removeEventListener('over', this.#hungUp);
    this.call?.leave();
    this.call = null;
    player.stepAside(false);
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
    player.stepAside(true);
    this.#last = 'left';
    this.brought = '';
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

  /** The host has opened. */
  async #admitted() {
    this.seats = await showRoom(this.room).catch(() => this.seats);
  }

  /** @param {string} code */
  #over(code) {
    this.call = null;
    player.stepAside(false);
    this.code = code === 'left' ? this.#last : code;
  }

  #again() {
    this.code = '';
    this.media = new Media();
    this.#arrive();
  }

  render() {
    document.title = t(this.call ? 'call.title' : 'lobby.title');
    if (this.code) {
      return html`<mc-farewell .code=${this.code} .brought=${this.brought} @again=${this.#again}></mc-farewell>`;
    }
    if (this.call) {
      return html`<mc-call .call=${this.call} @brought=${(/** @type {CustomEvent<string>} */ event) => (this.brought = event.detail)}></mc-call>`;
    }
    return html`<mc-lobby
      .media=${this.media}
      .seats=${this.seats}
      @admitted=${this.#admitted}
      @join=${(/** @type {CustomEvent<string>} */ event) => this.#enter(event.detail, false)}
    ></mc-lobby>`;
  }
}

customElements.define('mc-room', Room);
