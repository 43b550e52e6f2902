// What happened: newest first. To open the page is to have read it; what was new stays marked until one leaves.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { notices } from '../notices/notices.js';
import { inWords, leadsTo, pictureOf } from '../notices/words.js';
import { ago, fullTime } from '../people/ago.js';
import { answerRequest } from '../people/asks.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { face } from '../ui/person.js';
import { toast } from '../ui/toasts.js';

/** @import { Notice } from '../notices/words.js' */

class Notifications extends Page {
  static properties = { ...Page.properties, answered: { state: true } };

  /** @type {Listing<Notice>} */
  #listing = new Listing('/notifications');
  /** The newest one that was told to be read: identifier and time, since one can come back. */
  #marked = '';

  constructor() {
    super();
    /** Requests that were answered here, and how. @type {Map<string, 'accepted' | 'rejected' | 'over'>} */
    this.answered = new Map();
    watch(this, this.#listing);
    this.#listing.addEventListener('change', () => this.#mark());
  }

  connectedCallback() {
    super.connectedCallback();
    notices.addEventListener('arrived', this.#arrived);
    notices.addEventListener('missed', this.#missed);
    document.addEventListener('visibilitychange', this.#seen);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    notices.removeEventListener('arrived', this.#arrived);
    notices.removeEventListener('missed', this.#missed);
    document.removeEventListener('visibilitychange', this.#seen);
  }

  #arrived = (/** @type {Event} */ event) => {
    /** @type {Notice} */
    const notice = /** @type {CustomEvent} */ (event).detail;
    this.#listing.add(notice);
    announce(inWords(notice));
  };

  #missed = () => this.#listing.reload();

  #seen = () => this.#mark();

  /** Read is what was shown to somebody who looks. */
  async #mark() {
    const newest = this.#listing.value.items[0];
    if (!newest || newest.read_at || !this.isConnected || document.visibilityState === 'hidden') return;
    const mark = `${newest.id} ${newest.created_at}`;
    if (mark === this.#marked) return;
    this.#marked = mark;
    await notices.markRead(newest.id).catch(() => (this.#marked = ''));
  }

  /**
   * @param {Notice} notice
   * @param {'accepted' | 'rejected'} answer
   */
  async #answer(notice, answer) {
    const { subject, actor } = notice;
    if (!subject || !actor || this.answered.has(subject)) return;
    this.#note(subject, answer);
    try {
      await answerRequest(subject, answer);
      announce(t(`tie.say-${answer}`, { name: actor.nickname }));
    } catch (error) {
      const why = refusal(error);
      const over = why.code === 'answered' || why.status === 404;
      this.#note(subject, over ? 'over' : undefined);
      if (!over) toast(explain(why), { tone: 'warn' });
    }
  }

  /**
   * @param {string} request
   * @param {'accepted' | 'rejected' | 'over' | undefined} state
   */
  #note(request, state) {
    const answered = new Map(this.answered);
    if (state) answered.set(request, state);
    else answered.delete(request);
    this.answered = answered;
  }

  /** @param {Notice} notice */
  #request(notice) {
    if (notice.kind !== 'friend-requested' || !notice.subject) return nothing;
    const answered = this.answered.get(notice.subject);
    if (answered) return html`<p class="small notice-answer">${icon(answered === 'accepted' ? 'check' : 'close')}${t(`told.${answered}`)}</p>`;
    return html`
      <div class="row notice-answer">
        <button class="button accent" @click=${() => this.#answer(notice, 'accepted')}>${t('tie.accept')}<span class="unseen">&nbsp;${notice.actor?.nickname}</span></button>
        <button class="button" @click=${() => this.#answer(notice, 'rejected')}>${t('tie.reject')}<span class="unseen">&nbsp;${notice.actor?.nickname}</span></button>
      </div>
    `;
  }

  /** @param {Notice} notice */
  #row(notice) {
    const fresh = notice.read_at === null;
    return html`
      <li class="row-notice" ?data-unread=${fresh}>
        <a class="row-notice-link" href=${leadsTo(notice)}>
          <span class="notice-face">
            ${notice.actor ? face(notice.actor) : html`<span class="emblem">${icon('bell')}</span>`}
            <span class="notice-kind">${icon(pictureOf(notice))}</span>
          </span>
          <span class="notice-words">
            <span>${inWords(notice)}</span>
            <small>
              ${fresh ? html`<b class="notice-new">${t('told.new')}</b> · ` : nothing}<time datetime=${notice.created_at} title=${fullTime(notice.created_at)}>${ago(notice.created_at)}</time>
            </small>
          </span>
        </a>
        ${this.#request(notice)}
      </li>
    `;
  }

  render() {
    this.named(t('told.title'));
    return html`
      <main class="page">
        <h1>${t('told.title')}</h1>
        ${list(this.#listing, (notice) => this.#row(notice), { label: t('told.title'), empty: t('told.empty'), icon: 'bell' })}
      </main>
    `;
  }
}

customElements.define('mc-notifications', Notifications);
