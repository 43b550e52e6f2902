// One's friends, who asks to be one, and whom one has asked.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import '../calls/button.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { notices } from '../notices/notices.js';
import { ago } from '../people/ago.js';
import { answerRequest, byPerson, endFriendship, withdrawRequest } from '../people/asks.js';
import { rendered, watch } from '../store.js';
import { confirmed } from '../ui/confirm.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { personRow } from '../ui/person.js';
import { tabs } from '../ui/tabs.js';
import { toast } from '../ui/toasts.js';

/** @import { AcquaintanceRow, FriendRequest } from '../people/asks.js' */

const TABS = /** @type {const} */ (['friends', 'incoming', 'outgoing']);
/** @typedef {typeof TABS[number]} Tab */

/** @param {Tab} tab */
const addressOf = (tab) => (tab === 'friends' ? '/friends' : `/friends?show=${tab}`);

class Friends extends Page {
  /** @type {Listing<AcquaintanceRow>} */
  #friends = new Listing('/me/friends', {}, byPerson);
  /** @type {Listing<FriendRequest>} */
  #incoming = new Listing('/friend-requests', { direction: 'incoming' });
  /** @type {Listing<FriendRequest>} */
  #outgoing = new Listing('/friend-requests', { direction: 'outgoing' });

  constructor() {
    super();
    this.tab = TABS.find((tab) => tab === this.query.get('show')) ?? 'friends';
    for (const listing of [this.#friends, this.#incoming, this.#outgoing]) watch(this, listing);
  }

  connectedCallback() {
    super.connectedCallback();
    notices.addEventListener('arrived', this.#heard);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    notices.removeEventListener('arrived', this.#heard);
  }

  #heard = (/** @type {Event} */ event) => {
    const { kind } = /** @type {CustomEvent} */ (event).detail;
    if (kind === 'friend-requested') this.#incoming.reload();
    if (kind !== 'friend-accepted') return;
    this.#outgoing.reload();
    this.#friends.reload();
  };

  /**
   * The row goes at once, and comes back with a word if the server did not agree.
   * @template {{id: string}} T
   * @param {Listing<T>} listing
   * @param {T} row
   * @param {() => Promise<unknown>} act
   * @param {string} say
   */
  async #do(listing, row, act, say) {
    const before = listing.value.items;
    listing.remove(row.id);
    this.#keepFocus();
    try {
      await act();
      announce(say);
    } catch (error) {
      const why = refusal(error);
      // Answered or withdrawn in the meantime: then it is right that the row is gone.
      if (why.code !== 'answered' && why.status !== 404) listing.set({ items: before });
      toast(explain(why), { tone: 'warn' });
    }
  }

  /** The button that had the focus is gone with its row. */
  async #keepFocus() {
    await rendered();
    if (document.activeElement === document.body) this.querySelector('h1')?.focus();
  }

  /**
   * @param {FriendRequest} request
   * @param {'accepted' | 'rejected'} answer
   */
  async #answer(request, answer) {
    const act = async () => {
      await answerRequest(request.id, answer);
      if (answer === 'accepted') this.#friends.reload();
    };
    await this.#do(this.#incoming, request, act, t(`tie.say-${answer}`, { name: request.user.nickname }));
  }

  /** @param {FriendRequest} request */
  async #withdraw(request) {
    await this.#do(this.#outgoing, request, () => withdrawRequest(request.id), t('tie.say-withdrawn', { name: request.user.nickname }));
  }

  /** @param {AcquaintanceRow} friend */
  async #unfriend(friend) {
    const name = friend.user.nickname;
    const sure = await confirmed({ title: t('tie.unfriend-sure', { name }), points: [t('tie.unfriend-what')], action: t('tie.unfriend') });
    if (sure) await this.#do(this.#friends, friend, () => endFriendship(friend.id), t('tie.say-unfriended', { name }));
  }

  /**
   * @param {string} word
   * @param {string} name whom it is about, for whoever hears the buttons one by one
   */
  #word = (word, name) => html`${t(word)}<span class="unseen">&nbsp;${name}</span>`;

  /** @param {FriendRequest} request */
  #incomingRow(request) {
    const { user, created_at: at } = request;
    return personRow(user, {
      note: html`@${user.handle} · ${ago(at)}`,
      actions: html`
        <button class="button accent" @click=${() => this.#answer(request, 'accepted')}>${this.#word('tie.accept', user.nickname)}</button>
        <button class="button" @click=${() => this.#answer(request, 'rejected')}>${this.#word('tie.reject', user.nickname)}</button>
      `,
    });
  }

  /** @param {FriendRequest} request */
  #outgoingRow(request) {
    const { user, created_at: at } = request;
    return personRow(user, {
      note: html`@${user.handle} · ${ago(at)}`,
      actions: html`<button class="button" @click=${() => this.#withdraw(request)}>${this.#word('tie.withdraw', user.nickname)}</button>`,
    });
  }

  /** @param {AcquaintanceRow} friend */
  #friendRow(friend) {
    return personRow(friend.user, {
      actions: html`<mc-call-button .person=${friend.user}></mc-call-button
        ><button class="button quiet" @click=${() => this.#unfriend(friend)}>${this.#word('tie.unfriend', friend.user.nickname)}</button>`,
    });
  }

  /** @param {Tab} tab */
  #badge(tab) {
    if (tab === 'friends') return '';
    const { items, more } = (tab === 'incoming' ? this.#incoming : this.#outgoing).value;
    return items.length ? `${items.length}${more ? '+' : ''}` : '';
  }

  #list() {
    const label = t(`friends.${this.tab}`);
    const find = html`${t('friends.none')} <a href="/search">${t('friends.find')}</a>`;
    if (this.tab === 'incoming') return list(this.#incoming, (row) => this.#incomingRow(row), { label, empty: t('friends.no-incoming'), icon: 'friends' });
    if (this.tab === 'outgoing') return list(this.#outgoing, (row) => this.#outgoingRow(row), { label, empty: t('friends.no-outgoing'), icon: 'send' });
    return list(this.#friends, (row) => this.#friendRow(row), { label, empty: find, icon: 'friends' });
  }

  render() {
    this.named(t('friends.title'));
    const asked = this.#incoming.value.items.length > 0 && this.tab === 'friends';
    return html`
      <main class="page">
        <div class="page-head">
          <h1 tabindex="-1">${t('friends.title')}</h1>
          <a class="button" href="/search">${icon('search')}${t('friends.find')}</a>
        </div>
        ${asked ? html`<p class="note">${icon('friends')}<span>${t('friends.asked')}</span><a class="button quiet" href=${addressOf('incoming')}>${t('friends.look')}</a></p>` : nothing}
        ${tabs(
          t('friends.title'),
          TABS.map((tab) => ({ href: addressOf(tab), word: t(`friends.${tab}`), badge: this.#badge(tab) })),
          addressOf(this.tab),
        )}
        ${this.#list()}
      </main>
    `;
  }
}

customElements.define('mc-friends', Friends);
