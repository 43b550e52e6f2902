// Who rings whom right now: heard once in a browser and told to every tab, so that each rings and each stops.

import { refusal } from '../api.js';
import { explain, need, t } from '../i18n.js';
import { browser, tab } from '../memory.js';
import { notices } from '../notices/notices.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { Store } from '../store.js';
import { toast } from '../ui/toasts.js';
import { answerCall, fetchCall, ringFriend } from './asks.js';

/** @import { Somebody } from '../ui/person.js' */
/** @import { Status } from './asks.js' */

const CHANNEL = 'moodcall.calls';

/**
 * `here`: this tab began it, and goes to the room when it is accepted.
 * @typedef {{id: string, direction: 'incoming' | 'outgoing', person: Somebody, room: string | null, video: boolean, status: Status, here: boolean}} Ringing
 */

/** @typedef {{user: string, ringing?: Ringing | null, call?: {id: string, status: Status}, asks?: boolean}} News */

/**
 * Events: `change`; `over` (detail: the call's identifier and its room) when one that was accepted in this tab has ended.
 * @extends {Store<{now: Ringing | null, pending: boolean}>}
 */
class Rings extends Store {
  #channel = 'BroadcastChannel' in window ? new BroadcastChannel(CHANNEL) : null;
  /** What this tab is in. @type {{id: string, room: string} | null} */
  #joined = null;

  constructor() {
    super({ now: null, pending: false });
    this.#channel?.addEventListener('message', ({ data }) => this.#told(data));
  }

  start() {
    notices.addEventListener('call', (event) => this.#heard(/** @type {CustomEvent} */ (event).detail));
    session.addEventListener('change', () => {
      if (!session.me) this.set({ now: null });
    });
    // A tab that is opened while it rings elsewhere.
    if (session.me) this.#channel?.postMessage({ user: session.me.id, asks: true });
  }

  get #user() {
    return session.me?.id ?? '';
  }

  /** @param {any} message from a socket of this tab */
  async #heard(message) {
    if (message.type === 'ringing') {
      const { call: id, from: person, room, video } = message;
      await this.#show({ id, direction: 'incoming', person, room, video, status: 'ringing', here: false });
      this.#channel?.postMessage({ user: this.#user, ringing: { ...this.value.now, here: false } });
      return;
    }
    const news = { id: message.call, status: message.status };
    this.#channel?.postMessage({ user: this.#user, call: news });
    await this.#stands(news);
    if (news.status === 'ringing' && !this.value.now && !this.value.pending) await this.#resume(news.id);
  }

  /** @param {News} news from another tab */
  async #told({ user, ringing, call, asks }) {
    if (!user || user !== this.#user) return;
    const { now } = this.value;
    if (asks && now?.direction === 'incoming' && now.status === 'ringing') this.#channel?.postMessage({ user, ringing: { ...now, here: false } });
    if (ringing) await this.#show(ringing);
    if (call) await this.#stands(call);
  }

  /** @param {Ringing} ringing */
  async #show(ringing) {
    if (this.value.now?.id === ringing.id) return;
    await need(['calls']);
    this.set({ now: ringing });
  }

  /** A page that was loaded again while it rings somebody. @param {string} id */
  async #resume(id) {
    const call = await fetchCall(id).catch(() => null);
    if (!call?.user || call.direction !== 'outgoing' || call.status !== 'ringing') return;
    await this.#show({ ...call, person: call.user, here: document.visibilityState === 'visible' });
  }

  /** @param {{id: string, status: Status}} news */
  async #stands({ id, status }) {
    if (status === 'ended' && this.#joined?.id === id) {
      const joined = this.#joined;
      this.#joined = null;
      this.dispatchEvent(new CustomEvent('over', { detail: joined }));
    }
    const { now } = this.value;
    if (now?.id !== id || status === 'ringing') return;
    // Whoever called is told why nobody comes; whoever was called just has quiet again.
    if (now.direction === 'outgoing' && now.here) {
      if (status === 'accepted') this.#enter(now, now.video);
      else if (status === 'canceled') this.set({ now: null });
      else this.set({ now: { ...now, status } });
    } else if (!now.here) this.set({ now: null });
  }

  /**
   * Rings a friend.
   * @param {Somebody} person
   */
  async call(person) {
    if (this.value.pending || this.value.now?.status === 'ringing') return;
    await need(['calls']);
    const { camera: video } = browser.recall('wanted', { camera: true });
    this.set({ pending: true });
    try {
      const { id, direction, room, status } = await ringFriend(person.id, video);
      const now = /** @type {Ringing} */ ({ id, direction, person, room, video, status, here: true });
      // The two rang each other at once: then they are in a call already.
      if (status === 'accepted') this.#enter(now, video);
      else this.set({ now });
    } catch (error) {
      const why = refusal(error);
      const name = person.nickname;
      const known = { forbidden: t('ring.no-friend', { name }), already: t('ring.there-already', { name }) };
      toast(known[/** @type {'already'} */ (why.code)] ?? explain(why), { tone: 'warn' });
    } finally {
      this.set({ pending: false });
    }
  }

  /** @param {boolean} video whether one comes with a camera */
  async accept(video) {
    const { now } = this.value;
    if (!now || this.value.pending) return;
    this.set({ pending: true, now: { ...now, here: true } });
    try {
      const { room } = await answerCall(now.id, 'accepted');
      this.#enter({ ...now, room }, video);
    } catch (error) {
      this.set({ now: null });
      toast(explain(refusal(error)), { tone: 'warn' });
    } finally {
      this.set({ pending: false });
    }
  }

  /** Declines, gives up, or puts away what was said about it. */
  async close() {
    const { now } = this.value;
    this.set({ now: null });
    if (now?.status !== 'ringing') return;
    await answerCall(now.id, now.direction === 'incoming' ? 'declined' : 'canceled').catch(() => {});
  }

  /**
   * @param {Ringing} call
   * @param {boolean} camera
   */
  #enter({ id, room }, camera) {
    this.set({ now: null });
    if (!room) return;
    this.#joined = { id, room };
    // Straight in: the question whether one wants to come was just answered.
    tab.keep(`enter.${room}`, { camera });
    go(`/room/${room}`);
  }
}

export const rings = new Rings();
