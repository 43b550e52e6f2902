// Who is logged in. The access token lives in this tab's memory; the refresh token in a cookie that no script can read.
// A refresh token is good once, so the tabs take turns at it and tell each other what came of it.

import { Refusal, ask, authorize } from './api.js';
import { browser } from './memory.js';
import { Store } from './store.js';

/**
 * @typedef {object} Me
 * @property {string} id
 * @property {string} handle
 * @property {string} nickname
 * @property {string} email
 * @property {string} about
 * @property {string[]} genres
 * @property {string | null} avatar
 * @property {'ko' | 'en'} language
 * @property {'system' | 'light' | 'dark'} theme
 * @property {{id: string, title: string} | null} representative_playlist
 * @property {{purpose: string, granted: boolean, version: string, changed_at: string}[]} consents
 * @property {boolean} has_password
 * @property {{provider: string, linked_at: string}[]} providers
 * @property {boolean} staff
 * @property {{followers: number, following: number, friends: number, unread_notifications: number}} counts
 * @property {string} created_at
 */

/** `restored`: the account was to be deleted, and this log-in took that back. @typedef {{access_token: string, expires_at: string, restored?: boolean, user: Me}} Answer */

const LOCK = 'moodcall.session';
/** Renewed so long before its end, in ms. */
const AHEAD_MS = 60_000;
/** A browser's clock may be wrong, so a token is never trusted for longer than it took to say so. */
const SOONEST_MS = 5_000;
/** A page that went away while it renewed has left its answer to the browser, which needs so long at most to keep the cookie. */
const SETTLED_MS = 1_000;
/** How often a renewal that failed for want of a connection is tried again, in ms. */
const AGAIN_MS = 15_000;

/**
 * Event `change`: somebody came, left, or changed; event `login` only when somebody came by hand in this tab.
 * @extends {Store<{known: boolean, me: Me | null, unread: number}>}
 */
class Session extends Store {
  #token = '';
  /** When it ends, by this browser's clock, in ms. */
  #ends = 0;
  #timer = 0;
  /** @type {Promise<string | null> | undefined} */
  #renewal;
  #channel = 'BroadcastChannel' in window ? new BroadcastChannel(LOCK) : null;

  constructor() {
    super({ known: false, me: null, unread: 0 });
    authorize({ token: () => this.token(), renew: () => this.#renew(true) });
    this.#channel?.addEventListener('message', ({ data }) => this.#told(data));
  }

  /** The person, or null. */
  get me() {
    return this.value.me;
  }

  /** Finds out who is logged in. Without a trace of a log-in in this browser, the server is not asked. */
  async start() {
    if (browser.recall('logged-in', false)) await this.#renew(false).catch(() => {});
    this.set({ known: true });
  }

  /** @returns {Promise<string | null>} an access token that still holds, or null when nobody is logged in */
  async token() {
    if (!this.#token) return null;
    if (Date.now() < this.#ends) return this.#token;
    return this.#renew(false);
  }

  /**
   * @param {string} login e-mail or handle
   * @param {string} password
   * @param {boolean} remember whether the log-in outlives the browser
   * @returns {Promise<Answer>}
   */
  async logIn(login, password, remember) {
    const body = { grant: 'password', login, password, remember, cookie: true };
    const answer = await navigatorLock(() => ask('/tokens', { method: 'POST', body, anonymous: true }));
    this.adopt(answer);
    return answer;
  }

  /**
   * Somebody has logged in, in this tab.
   * @param {Answer} answer
   */
  adopt(answer) {
    this.#take(answer);
    this.#channel?.postMessage({ kind: 'token', answer });
    this.dispatchEvent(new Event('login'));
  }

  /** A provider will send the browser back with a cookie; then the server must be asked. */
  expectReturn() {
    browser.keep('logged-in', true);
  }

  /** Ends this log-in here and in every tab. */
  async logOut() {
    const token = this.#token;
    try {
      await navigatorLock(() => ask('/tokens/current', { method: 'DELETE', keepalive: true }));
    } catch (error) {
      // Whoever is logged out already wanted just that.
      if (token && !(error instanceof Refusal && error.status === 401)) throw error;
    }
    this.ended();
  }

  /** The log-in is over on the server; forgets it in every tab. */
  ended() {
    this.#forget();
    this.#channel?.postMessage({ kind: 'over' });
  }

  /** Asks again who one is, after something changed. */
  async refresh() {
    this.changed(await ask('/me'));
  }

  /** @param {Partial<Me>} me what the server now says about the person */
  changed(me) {
    if (!this.me) return;
    const now = { ...this.me, ...me };
    this.set({ me: now, unread: me.counts?.unread_notifications ?? this.value.unread });
    this.#channel?.postMessage({ kind: 'me', me: now });
  }

  /** @param {number} unread how many notifications are new */
  countUnread(unread) {
    if (unread !== this.value.unread) this.set({ unread });
  }

  /**
   * @param {boolean} refused whether the server does not take the present token any more
   * @returns {Promise<string | null>}
   */
  #renew(refused) {
    const old = this.#token;
    this.#renewal ??= navigatorLock(async () => {
      // Another tab may have done it while this one waited for its turn.
      if (this.#token && this.#token !== old && Date.now() < this.#ends) return this.#token;
      if (!refused && this.#token && Date.now() < this.#ends - AHEAD_MS) return this.#token;
      const answer = await this.#exchange();
      this.#take(answer);
      this.#channel?.postMessage({ kind: 'token', answer });
      return this.#token;
    })
      .catch((error) => {
        if (error instanceof Refusal && error.status >= 400 && error.status < 500 && error.status !== 429) {
          this.ended();
          return null;
        }
        this.#schedule(AGAIN_MS);
        throw error;
      })
      .finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  /**
   * The cookie's token for the next one. Showing one twice ends the log-in, and a page may be reloaded at any moment: so the
   * request goes on without the page, and the next page waits for the cookie to settle.
   * @returns {Promise<Answer>}
   */
  async #exchange() {
    const since = Date.now() - browser.recall('renewing', 0);
    if (since >= 0 && since < SETTLED_MS) await new Promise((resolve) => setTimeout(resolve, SETTLED_MS - since));
    browser.keep('renewing', Date.now());
    try {
      return await ask('/tokens', { method: 'POST', body: { grant: 'refresh' }, anonymous: true, keepalive: true });
    } finally {
      browser.keep('renewing', undefined);
    }
  }

  /** @param {Answer} answer */
  #take({ access_token: token, expires_at: expires, user }) {
    this.#token = token;
    this.#ends = Date.parse(expires);
    browser.keep('logged-in', true);
    this.#schedule(this.#ends - Date.now() - AHEAD_MS);
    this.set({ known: true, me: user, unread: user.counts?.unread_notifications ?? this.value.unread });
  }

  #forget() {
    this.#token = '';
    clearTimeout(this.#timer);
    browser.keep('logged-in', undefined);
    this.set({ known: true, me: null, unread: 0 });
  }

  /** @param {number} ms */
  #schedule(ms) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#renew(false).catch(() => {}), Math.max(ms, SOONEST_MS));
  }

  /** @param {{kind: 'token', answer: Answer} | {kind: 'over'} | {kind: 'me', me: Me}} news from another tab */
  #told(news) {
    if (news.kind === 'token') this.#take(news.answer);
    else if (news.kind === 'over') this.#forget();
    else if (this.me?.id === news.me.id) this.set({ me: news.me });
  }
}

/**
 * One tab at a time.
 * @template T
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
async function navigatorLock(act) {
  return navigator.locks ? navigator.locks.request(LOCK, act) : act();
}

export const session = new Session();
