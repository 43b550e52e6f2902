// One call from Join to Leave: ties the wire, the connection and our devices together and keeps the state that the page shows.

import { Refusal, fetchIceServers } from '../api.js';
import { explain, t } from '../i18n.js';
import { Wire } from '../protocol.js';
import { Store } from '../store.js';
import { announce } from './announce.js';
import { Connection } from './connection.js';
import { OFF, effectsMemory, sameEffects } from './effects.js';
import { Levels } from './levels.js';
import { Moments } from './moments.js';
import { narrate } from './narrator.js';
import { Publishing } from './publishing.js';
import { QualityMeter } from './quality.js';
import { Recovery } from './recovery.js';
import { apply } from './roster.js';
import { emptyCall } from './state.js';
import { earlier, hear, merge, missed } from './talk.js';
import { stayAwake } from './wake.js';

/** @import { Effects, Kind, Section, ServerMessage } from '../messages.d.ts' */
/** @import { CallState, ChatLine, Panel } from './state.js' */

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
  /** @type {Effects} what the server was last told */
  #told = OFF;
  #selfView = false;
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
    this.memory = effectsMemory(room);
    this.set({
      effects: this.memory.wished(),
      agreed: this.memory.agreed(),
      shares: this.memory.shares(),
      asOthersSee: this.memory.asOthersSee(),
    });
    this.wire = new Wire(room, name);
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
      if (!resumed) this.wish(OFF, false);
      this.set({ phase: 'in' });
      this.talkedEarlier();
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
    // The seat's effects come back with the camera; what was taken back while nobody heard it must not.
    this.#told = this.self?.effects ?? OFF;
    this.#selfView = false;
    this.#applyEffects();
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
    if (kind === 'video') this.#applyEffects();
  }

  /** @param {boolean} resumed */
  async #back(resumed) {
    this.#reach('wire', true);
    this.#talkedMeanwhile();
    if (resumed && this.connection) {
      this.#recovery?.nudge();
      const mine = this.self?.effects;
      if (mine && !sameEffects(mine, this.value.effects)) this.#told = mine;
      this.#applyEffects();
      this.#shareMood();
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
        if (message.participant === this.value.me && message.re === undefined) {
          this.#told = message.effects;
          this.wish(message.effects);
        }
        break;
      case 'subscribed':
        this.#sections = message.sections;
        this.connection?.show(message.sections);
        break;
      case 'negotiate':
        this.connection?.widen(message).catch(() => {});
        break;
      case 'chat':
        this.#said(hear(this.value.chat, message, before.find(({ id }) => id === message.participant)?.user?.id ?? null));
        break;
      case 'chat-edited':
      case 'chat-deleted':
        this.set({ chat: hear(this.value.chat, message, null) });
        break;
      case 'reaction':
        this.moments.burst(message.participant, message.emoji);
        break;
    }
  }

  /** @param {ChatLine[]} chat with lines that are new */
  #said(chat) {
    const fresh = chat.length - this.value.chat.length;
    this.set({ chat, unread: this.value.panel === 'chat' ? 0 : this.value.unread + fresh });
  }

  /** Lines of before: at first the newest, then those above. */
  async talkedEarlier() {
    if (this.value.older.loading) return;
    this.set({ older: { ...this.value.older, loading: true, failed: false } });
    try {
      const { lines, more } = await earlier(this.room, this.value.chat[0]?.seq);
      this.set({ chat: merge(lines, this.value.chat), older: { loading: false, more, failed: false } });
    } catch {
      this.set({ older: { ...this.value.older, loading: false, failed: true } });
    }
  }

  /** What was said while nobody heard it here. */
  async #talkedMeanwhile() {
    const last = this.value.chat.at(-1)?.seq;
    if (last === undefined) return this.talkedEarlier();
    const lines = await missed(this.room, last).catch(() => []);
    this.#said(merge(this.value.chat, lines));
  }

  /**
   * What became of a line by one's own doing, which the socket may say as well.
   * @param {string} message
   * @param {Partial<ChatLine>} patch
   */
  heardAgain(message, patch) {
    this.set({ chat: this.value.chat.map((line) => (line.message === message ? { ...line, ...patch } : line)) });
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

  /**
   * @param {Effects} effects
   * @param {boolean} [agreed] the person has just read the notice and agreed
   */
  wish(effects, agreed = this.value.agreed) {
    if (effects.mode === 'mood' && !agreed) return;
    this.set({ effects, agreed });
    this.memory.wish(effects);
    this.memory.agree(agreed);
    this.#applyEffects();
  }

  /** Consent taken back: nothing is analyzed from here on, and nothing shared. */
  withdraw() {
    this.wire.tell({ type: 'mood', share: false });
    this.wish(this.value.effects.mode === 'mood' ? OFF : this.value.effects, false);
  }

  /** @param {boolean} shares */
  share(shares) {
    this.set({ shares });
    this.memory.share(shares);
    this.#shareMood();
  }

  #shareMood() {
    const { effects, shares } = this.value;
    this.wire.tell({ type: 'mood', share: shares && effects.mode === 'mood' });
  }

  /** @param {boolean} on */
  seeAsOthers(on) {
    this.set({ asOthersSee: on });
    this.memory.seeAsOthers(on);
    this.#applyEffects();
  }

  /** Tells the server what it does not know yet; without a camera there is nothing to put anything behind. */
  #applyEffects() {
    const { effects, asOthersSee, me } = this.value;
    if (!this.wire.open || (effects.mode !== 'off' && !this.#publishing?.id('video'))) return;
    if (!sameEffects(effects, this.#told)) {
      this.#told = effects;
      this.wire.tell({ type: 'effects', effects, consent: effects.mode === 'mood' && this.value.agreed });
      this.#shareMood();
    }
    const selfView = effects.mode !== 'off' && asOthersSee;
    if (selfView !== this.#selfView) {
      this.#selfView = selfView;
      this.wire.tell({ type: 'subscribe', participant: me, kind: 'video', on: selfView });
    }
  }

  /** @param {{refusal: Refusal, type: string}} refused */
  #refused({ refusal, type }) {
    if (type === 'ping' || type === 'quality' || refusal.code === 'offline') return;
    if (type === 'effects') {
      // Back to what the server last agreed to.
      this.#told = this.self?.effects ?? OFF;
      this.wish(this.#told);
    }
    this.moments.toast(explain(refusal), 'warn');
  }

  /** @param {string} text */
  chat(text) {
    const line = text.trim();
    if (line) this.wire.tell({ type: 'chat', text: line });
  }

  /** @param {string} emoji */
  react(emoji) {
    this.wire.tell({ type: 'reaction', emoji });
  }

  /** @param {string} participant */
  kick(participant) {
    this.wire.tell({ type: 'kick', participant });
  }

  /** @param {{names: boolean, time: boolean}} options */
  async takeStill(options) {
    if (this.value.shooting) return;
    this.set({ shooting: true });
    try {
      const still = await this.wire.request('still', { type: 'still', ...options });
      this.set({ stills: [still, ...this.value.stills], flash: this.value.flash + 1 });
      announce(t('still.taken'));
    } catch (error) {
      this.moments.toast(explain(error instanceof Refusal ? error : new Refusal('internal')), 'warn');
    } finally {
      this.set({ shooting: false });
    }
  }

  /** @param {string} still */
  discard(still) {
    this.set({ stills: this.value.stills.filter((one) => one.still !== still) });
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
    this.media.close();
    this.memory.wish(OFF);
    this.memory.agree(false);
    this.set({ phase: 'ended', code, lostSince: null, panel: null });
  }
}
