// One call from Join to Leave: ties the wire, the connection and our devices together and keeps the state that the page shows.

import { Refusal, fetchIceServers } from '../api.js';
import { explain, t } from '../i18n.js';
import { Wire } from '../protocol.js';
import { Store } from '../store.js';
import { announce } from './announce.js';
import { Connection } from './connection.js';
import { OFF } from './effects.js';
import { Levels } from './levels.js';
import { Moments } from './moments.js';
import { narrate } from './narrator.js';
import { Publishing } from './publishing.js';
import { QualityMeter } from './quality.js';
import { Recovery } from './recovery.js';
import { apply } from './roster.js';
import { emptyCall } from './state.js';
import { Soundtrack } from './soundtrack.js';
import { Stills } from './stills.js';
import { Talk } from './talk.js';
import { stayAwake } from './wake.js';
import { Wishes } from './wishes.js';

/** @import { Kind, Section, ServerMessage } from '../messages.d.ts' */
/** @import { CallState, Panel } from './state.js' */

const MEDIA_ATTEMPTS = 4;
const MEDIA_RETRY_MS = 1_000;

/** @extends Store<CallState> */
export class Call extends Store {
  levels = new Levels();
  moments = new Moments(this);
  /** @type {Connection | undefined} */
  connection;
  /** @type {Publishing | undefined} */
  #publishing;
  /** @type {Recovery | undefined} */
  #recovery;
  /** @type {QualityMeter | undefined} */
  #meter;
  /** @type {Section[]} */
  #sections = [];
  /** @type {Set<'wire' | 'media'>} what is out of reach */
  #lost = new Set();
  #sleep = () => {};

  /**
   * @param {string} room
   * @param {string} name
   * @param {import('./media.js').Media} media
   */
  constructor(room, name, media) {
    super(emptyCall());
    this.room = room;
    this.media = media;
    this.wire = new Wire(room, name);
    this.wishes = new Wishes(this, () => this.#publishing?.id('video') !== undefined);
    this.talk = new Talk(this);
    this.stills = new Stills(this);
    this.soundtrack = new Soundtrack(this.wire);
    this.wire.addEventListener('message', (e) => this.#hear(/** @type {CustomEvent} */ (e).detail));
    this.wire.addEventListener('lost', () => this.#reach('wire', false));
    this.wire.addEventListener('back', (e) => this.#back(/** @type {CustomEvent} */ (e).detail.resumed));
    this.wire.addEventListener('ended', (e) => this.#end(/** @type {CustomEvent} */ (e).detail.code));
    this.wire.addEventListener('refused', (e) => this.#refused(/** @type {CustomEvent} */ (e).detail));
    media.addEventListener('track', (e) => this.#device(/** @type {CustomEvent} */ (e).detail));
    window.addEventListener('online', () => this.#recovery?.nudge());
  }

  get self() {
    return this.value.people.find((person) => person.id === this.value.me);
  }

  get others() {
    return this.value.people.filter((person) => person.id !== this.value.me);
  }

  /** @param {boolean} resume whether this tab's old seat is wanted back */
  async start(resume) {
    try {
      const [servers, resumed] = await Promise.all([fetchIceServers(), this.wire.connect(resume)]);
      this.servers = servers;
      // A seat taken anew starts plain: an agreement is for one stay.
      if (!resumed) this.wishes.wish(OFF, false);
      this.set({ phase: 'in' });
      this.talk.earlier();
      this.#sleep = stayAwake();
      await this.#media();
    } catch (error) {
      this.#end(error instanceof Refusal ? error.code : 'internal');
      if (!(error instanceof Refusal)) throw error;
    }
  }

  /** Media from nothing. It may fail and be tried again: until then there are still people and a chat. */
  async #media() {
    for (let attempt = 1; this.value.phase === 'in' && this.wire.open; attempt += 1) {
      try {
        return await this.#connect();
      } catch {
        if (attempt === MEDIA_ATTEMPTS) return this.moments.toast(t('error.sdp'), 'warn');
        await new Promise((resolve) => setTimeout(resolve, attempt * MEDIA_RETRY_MS));
      }
    }
  }

  /** A fresh peer connection, with everything that we send and wish for. */
  async #connect() {
    this.#recovery?.stop();
    this.#meter?.stop();
    this.connection?.close();
    const connection = new Connection(this.servers ?? [], async (sdp) => {
      const { sdp: answer } = await this.wire.request('answer', { type: 'offer', sdp });
      return answer;
    });
    this.connection = connection;
    connection.addEventListener('streams', () => this.#streams());
    connection.show(this.#sections);
    this.#recovery = new Recovery(connection, {
      reachable: () => this.wire.open,
      rejoin: () => this.#media(),
      changed: (lost) => this.#reach('media', !lost),
    });
    this.#meter = new QualityMeter(connection, (bars) => {
      if (this.wire.open) this.wire.tell({ type: 'quality', bars });
    });
    this.#publishing = new Publishing(this.wire, this.media, connection);
    this.wishes.startOver();
    await this.#publishing.attach();
    await connection.negotiate();
    await this.#device('audio');
    await this.#device('video');
  }

  /** @param {Kind} kind */
  async #device(kind) {
    this.#follow();
    if (!this.#publishing || this.value.phase !== 'in') return;
    await this.#publishing.sync(kind);
    if (kind === 'video') this.wishes.apply();
  }

  /** @param {boolean} resumed */
  async #back(resumed) {
    this.#reach('wire', true);
    this.talk.catchUp();
    if (resumed && this.connection) {
      this.#recovery?.nudge();
      this.wishes.resume();
    } else {
      this.#sections = [];
      await this.#media();
    }
  }

  /** @param {ServerMessage} message */
  #hear(message) {
    const before = this.value.people;
    this.set({ people: apply(before, message) });
    narrate(message, before, this.value.me, (text) => announce(text));
    switch (message.type) {
      case 'roster':
        this.set({ me: message.you, capacity: message.capacity, filter: message.filter });
        break;
      case 'effects':
        // Not an answer: the server had to end them.
        if (message.participant === this.value.me && message.re === undefined) this.wishes.giveUp(message.effects);
        break;
      case 'subscribed':
        this.#sections = message.sections;
        this.connection?.show(message.sections);
        break;
      case 'negotiate':
        this.connection?.widen(message).catch(() => {});
        break;
      case 'chat':
      case 'chat-edited':
      case 'chat-deleted':
        this.talk.hear(message, before);
        break;
      case 'reaction':
        this.moments.burst(message.participant, message.emoji);
        break;
    }
  }

  #streams() {
    this.set({ streams: new Map(this.connection?.streams) });
    this.#follow();
  }

  #follow() {
    const voices = new Map();
    for (const [id, stream] of this.value.streams) voices.set(id, stream.getAudioTracks()[0]);
    voices.set(this.value.me, this.media.track('audio'));
    this.levels.follow(voices);
  }

  /**
   * @param {'wire' | 'media'} what
   * @param {boolean} reachable
   */
  #reach(what, reachable) {
    const was = this.#lost.size > 0;
    if (reachable) this.#lost.delete(what);
    else this.#lost.add(what);
    const is = this.#lost.size > 0;
    if (was !== is) {
      this.set({ lostSince: is ? Date.now() : null });
      announce(t(is ? 'reconnect.lost' : 'reconnect.back'));
    }
  }

  /** @param {{refusal: Refusal, type: string}} refused */
  #refused({ refusal, type }) {
    if (type === 'ping' || type === 'clock' || type === 'quality' || refusal.code === 'offline') return;
    // Back to what the server last agreed to.
    if (type === 'effects') this.wishes.giveUp(this.self?.effects ?? OFF);
    this.moments.toast(explain(refusal), 'warn');
  }

  /** @param {string} emoji */
  react(emoji) {
    this.wire.tell({ type: 'reaction', emoji });
  }

  /** @param {string} participant */
  kick(participant) {
    this.wire.tell({ type: 'kick', participant });
  }

  /** @param {Panel} panel the same again closes it */
  open(panel) {
    const next = this.value.panel === panel ? null : panel;
    this.set({ panel: next, unread: next === 'chat' ? 0 : this.value.unread });
  }

  leave() {
    this.wire.leave();
  }

  /** @param {string} code */
  #end(code) {
    if (this.value.phase === 'ended') return;
    this.#recovery?.stop();
    this.#meter?.stop();
    this.#sleep();
    this.connection?.close();
    this.levels.stop();
    this.soundtrack.close();
    this.media.close();
    this.wishes.forget();
    this.set({ phase: 'ended', code, lostSince: null, panel: null });
  }
}
