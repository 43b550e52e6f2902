// What happens to the person while pages are open: heard once in a browser, and told to every tab.

import { ask } from '../api.js';
import { need } from '../i18n.js';
import { currentRoute } from '../router.js';
import { session } from '../session.js';
import { toast } from '../ui/toasts.js';
import { Line } from './line.js';
import { takeTurns } from './turn.js';
import { inWords, leadsTo } from './words.js';

/** @import { Notice } from './words.js' */

const CHANNEL = 'moodcall.notices';
/** Tabs may hear the same twice while one hands over to another. */
const REMEMBERED = 50;

/** @typedef {{user: string, notice?: Notice, unread?: number, door?: any}} News what one tab tells the others */

/**
 * Events: `arrived` (detail: Notice), in every tab; `door` (detail: what the socket said of one's knock), in every tab; `call` (detail: what
 * the socket said of one), in the tab that listens; `missed`, in the tab that listens, when nobody listened for a while, or
 * more is unread than it knew.
 */
class Notices extends EventTarget {
  #line = new Line(() => ask('/socket-tickets', { method: 'POST', body: {} }));
  #channel = 'BroadcastChannel' in window ? new BroadcastChannel(CHANNEL) : null;
  /** @type {AbortController | null} */
  #turn = null;
  #user = '';
  /** Whether somebody has listened for this person before. */
  #listened = false;
  /** @type {string[]} */
  #heard = [];

  constructor() {
    super();
    this.#line.addEventListener('open', () => this.#catchUp());
    this.#line.addEventListener('message', (e) => this.hear(/** @type {CustomEvent} */ (e).detail));
    this.#channel?.addEventListener('message', ({ data }) => this.#told(data));
  }

  /** Listens whenever somebody is logged in. */
  start() {
    session.addEventListener('change', () => this.#follow());
    this.#follow();
  }

  #follow() {
    const user = session.me?.id ?? '';
    if (user === this.#user) return;
    this.#user = user;
    this.#listened = false;
    this.#turn?.abort();
    this.#turn = user ? new AbortController() : null;
    if (this.#turn) takeTurns(this.#turn.signal, { took: () => this.#line.start(), lost: () => this.#line.stop() });
  }

  /**
   * A call's own socket hears everything too, so its tab listens for all others while the call lasts.
   * @param {EventTarget} wire
   * @returns {() => void} to be called when the call is over
   */
  hearIn(wire) {
    const call = new AbortController();
    wire.addEventListener('message', (e) => this.hear(/** @type {CustomEvent} */ (e).detail), { signal: call.signal });
    wire.addEventListener('back', () => this.#catchUp(), { signal: call.signal });
    if (this.#user) takeTurns(call.signal, { took: () => this.#catchUp(), lost: () => {}, steal: true });
    return () => call.abort();
  }

  /** @param {any} message from any socket of this tab */
  hear(message) {
    if (!this.#user) return;
    if (message.type === 'ringing' || message.type === 'call') this.dispatchEvent(new CustomEvent('call', { detail: message }));
    if (message.type === 'admitted' || message.type === 'refused') {
      this.#channel?.postMessage({ user: this.#user, door: message });
      this.dispatchEvent(new CustomEvent('door', { detail: message }));
    }
    if (message.type !== 'notification') return;
    const news = { user: this.#user, notice: message.notification, unread: message.unread };
    this.#channel?.postMessage(news);
    this.#told(news);
  }

  /**
   * Everything up to this one has been read.
   * @param {string} last
   */
  async markRead(last) {
    const { unread } = await ask('/notifications/read-marker', { method: 'PUT', body: { last } });
    session.countUnread(unread);
    this.#channel?.postMessage({ user: this.#user, unread });
  }

  /** What came while nobody listened. */
  async #catchUp() {
    const [first, before] = [!this.#listened, session.value.unread];
    this.#listened = true;
    await session.refresh().catch(() => {});
    const { unread } = session.value;
    this.#channel?.postMessage({ user: this.#user, unread });
    // One may have been read here and another have come meanwhile: after a gap, the same count says nothing. Without one, fewer
    // than before is what this page has just shown.
    if (first && unread <= before) return;
    this.dispatchEvent(new Event('missed'));
  }

  /** @param {News} news */
  #told({ user, notice, unread, door }) {
    if (user !== this.#user) return;
    if (door) this.dispatchEvent(new CustomEvent('door', { detail: door }));
    if (unread !== undefined) session.countUnread(unread);
    if (!notice) return;
    const mark = `${notice.id} ${notice.created_at}`;
    if (this.#heard.includes(mark)) return;
    this.#heard = [...this.#heard, mark].slice(-REMEMBERED);
    if (unread === undefined) session.countUnread(session.value.unread + 1);
    this.dispatchEvent(new CustomEvent('arrived', { detail: notice }));
    this.#show(notice);
  }

  /** @param {Notice} notice */
  async #show(notice) {
    if (currentRoute()?.path === '/notifications' || document.visibilityState === 'hidden') return;
    await need(['people']);
    toast(inWords(notice), { href: leadsTo(notice), person: notice.actor });
  }
}

export const notices = new Notices();
