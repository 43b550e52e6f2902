// A person's page: who they are, how one stands to them, and what can be done about it.

import { Refusal, refusal } from '../api.js';
import { announce } from '../call/announce.js';
import '../calls/button.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { notices } from '../notices/notices.js';
import { answerRequest, block, endFriendship, fetchProfile, openRequest, requestFriendship, withdrawRequest } from '../people/asks.js';
import '../people/follow.js';
import '../posts/list.js';
import { playlistAt } from '../playlists/asks.js';
import '../playlists/of-person.js';
import { report } from '../posts/report.js';
import { session } from '../session.js';
import { confirmed } from '../ui/confirm.js';
import { icon } from '../ui/icons.js';
import { loading } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { face, profileOf } from '../ui/person.js';
import { toast } from '../ui/toasts.js';

/** @import { Profile, Relation } from '../people/asks.js' */

const COUNTS = /** @type {const} */ (['followers', 'following', 'friends']);

class ProfilePage extends Page {
  static properties = { ...Page.properties, person: { state: true }, state: { state: true }, pending: { state: true } };

  constructor() {
    super();
    /** @type {Profile | null} */
    this.person = null;
    /** @type {'loading' | 'ready' | 'gone' | 'blocked' | Refusal} */
    this.state = 'loading';
    /** What is being done. */
    this.pending = '';
  }

  connectedCallback() {
    super.connectedCallback();
    notices.addEventListener('arrived', this.#heard);
    notices.addEventListener('missed', this.#missed);
    // Also when one comes back to it: meanwhile much may have changed.
    if (this.params.handle) this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    notices.removeEventListener('arrived', this.#heard);
    notices.removeEventListener('missed', this.#missed);
  }

  /** Something that this person did to the viewer changes how the two stand. */
  #heard = (/** @type {Event} */ event) => {
    if (/** @type {CustomEvent} */ (event).detail.actor?.id === this.person?.id) this.#load();
  };

  /** Something may have happened before the line was open. */
  #missed = () => {
    if (this.person) this.#load();
  };

  async #load() {
    try {
      this.person = await fetchProfile(this.params.handle ?? '');
      this.state = 'ready';
    } catch (error) {
      const why = refusal(error);
      if (why.status === 404) this.state = 'gone';
      else if (!this.person) this.state = why;
    }
  }

  get mine() {
    return this.person !== null && this.person.id === session.me?.id;
  }

  /** @param {Partial<Relation>} patch */
  #relate(patch) {
    if (!this.person?.relation) return;
    const { relation, counts } = this.person;
    const now = { ...relation, ...patch };
    this.person = {
      ...this.person,
      relation: now,
      counts: {
        ...counts,
        followers: counts.followers + Number(now.following) - Number(relation.following),
        friends: counts.friends + Number(now.friends) - Number(relation.friends),
      },
    };
  }

  /**
   * Does something between the two, and then shows how they stand; a refusal shows how they really stand.
   * @param {string} what
   * @param {() => Promise<unknown>} act
   * @param {Partial<Relation>} then
   */
  async #do(what, act, then) {
    if (this.pending || !this.person) return;
    this.pending = what;
    try {
      await act();
      this.#relate(then);
      announce(t(`tie.say-${what}`, { name: this.person.nickname }));
    } catch (error) {
      toast(explain(refusal(error)), { tone: 'warn' });
      await this.#load();
    } finally {
      this.pending = '';
    }
  }

  /** @param {Profile} person */
  async #ask({ id }) {
    await this.#do('asked', () => requestFriendship(id), { request: 'sent' });
  }

  /** @param {Profile} person */
  async #withdraw({ id }) {
    await this.#do('withdrawn', async () => withdrawRequest(await openRequest('outgoing', id)), { request: 'none' });
  }

  /**
   * @param {Profile} person
   * @param {'accepted' | 'rejected'} answer
   */
  async #answer({ id }, answer) {
    const then = { request: /** @type {const} */ ('none'), ...(answer === 'accepted' ? { friends: true } : {}) };
    await this.#do(answer, async () => answerRequest(await openRequest('incoming', id), answer), then);
  }

  /** @param {Profile} person */
  async #unfriend({ id, nickname: name }) {
    const sure = await confirmed({ title: t('tie.unfriend-sure', { name }), points: [t('tie.unfriend-what')], action: t('tie.unfriend') });
    if (sure) await this.#do('unfriended', () => endFriendship(id), { friends: false });
  }

  /** @param {Profile} person */
  async #block({ id, nickname: name }) {
    const points = ['ends', 'hides', 'untold', 'back'].map((point) => t(`tie.block-${point}`, { name }));
    if (!(await confirmed({ title: t('tie.block-sure', { name }), points, action: t('tie.block'), danger: true }))) return;
    await this.#do('blocked', () => block(id, true), { following: false, followed_by: false, friends: false, request: 'none' });
    this.state = 'blocked';
  }

  /** @param {Profile} person */
  async #unblock({ id }) {
    await this.#do('unblocked', () => block(id, false), {});
    await this.#load();
  }

  render() {
    const { person, state } = this;
    if (state === 'gone') return this.#gone();
    if (state instanceof Refusal) return this.failed(state, () => this.#load());
    if (!person) return html`<main class="page">${loading()}</main>`;
    this.named(person.nickname);
    if (state === 'blocked') return this.#blocked(person);
    return html`
      <main class="page profile">
        <header class="profile-head">
          ${face(person, 'huge')}
          <div class="profile-name">
            <h1>${person.nickname}</h1>
            <p class="handle">
              @${person.handle}
              ${person.relation?.followed_by ? html`<span class="tag">${t('tie.follows-you')}</span>` : nothing}
            </p>
          </div>
          ${this.#counts(person)}
          <div class="row profile-actions">${this.#actions(person)}</div>
        </header>
        ${person.relation?.request === 'received' ? this.#request(person) : nothing}
        ${this.#about(person)} ${this.#playlists(person)} ${this.#posts(person)}
      </main>
    `;
  }

  /** @param {Profile} person */
  #counts(person) {
    return html`
      <ul class="counts">
        ${COUNTS.map(
          (count) => html`<li><a href=${`${profileOf(person)}/${count}`}><b>${person.counts[count].toLocaleString(document.documentElement.lang)}</b> ${t(`profile.${count}`)}</a></li>`,
        )}
      </ul>
    `;
  }

  /** @param {Profile} person */
  #actions(person) {
    if (this.mine) return html`<a class="button" href="/settings/profile">${icon('pencil')}${t('profile.edit')}</a>`;
    if (!person.relation) return html`<a class="button accent" href=${`/login?next=${encodeURIComponent(profileOf(person))}`}>${t('profile.log-in')}</a>`;
    const { following, friends, request } = person.relation;
    return html`
      <mc-follow .person=${person} .following=${following} @follow=${(/** @type {CustomEvent} */ e) => this.#relate({ following: e.detail })}></mc-follow>
      ${friends
        ? html`<mc-call-button .person=${person}></mc-call-button><button class="button" ?disabled=${this.pending} @click=${() => this.#unfriend(person)}>${icon('friends')}${t('tie.friends')}</button>`
        : nothing}
      ${!friends && request === 'none'
        ? html`<button class="button" ?disabled=${this.pending} @click=${() => this.#ask(person)}>${icon('friends')}${t('tie.ask')}</button>`
        : nothing}
      ${request === 'sent'
        ? html`<button class="button" ?disabled=${this.pending} @click=${() => this.#withdraw(person)}>${icon('close')}${t('tie.withdraw')}</button>`
        : nothing}
      <button class="button quiet" ?disabled=${this.pending} @click=${() => this.#block(person)}>${icon('off')}${t('tie.block')}</button>
      <button class="button quiet" @click=${() => report('user', person.id)}>${icon('flag')}${t('report.do')}</button>
    `;
  }

  /** @param {Profile} person */
  #request(person) {
    return html`
      <section class="tile-card asks" aria-label=${t('tie.asks-you', { name: person.nickname })}>
        <p><b>${t('tie.asks-you', { name: person.nickname })}</b></p>
        <div class="row">
          <button class="button accent" ?disabled=${this.pending} @click=${() => this.#answer(person, 'accepted')}>${icon('check')}${t('tie.accept')}</button>
          <button class="button" ?disabled=${this.pending} @click=${() => this.#answer(person, 'rejected')}>${t('tie.reject')}</button>
        </div>
      </section>
    `;
  }

  /** @param {Profile} person */
  #about(person) {
    const { about, genres, representative_playlist: playlist } = person;
    return html`
      ${about ? html`<p class="about">${about}</p>` : nothing}
      ${genres.length
        ? html`<ul class="tags" aria-label=${t('profile.genres')}>${genres.map((genre) => html`<li class="tag">${t(`genre.${genre}`)}</li>`)}</ul>`
        : nothing}
      ${playlist ? html`<a class="tile-card playlist-link" href=${playlistAt(playlist.id)}>${icon('music')}<span>${t('profile.playlist')}: <b>${playlist.title}</b></span></a>` : nothing}
      ${this.mine && !about && !genres.length ? html`<p class="lead">${t('profile.say-something')}</p>` : nothing}
    `;
  }

  /** @param {Profile} person */
  #playlists(person) {
    const { id, nickname: name } = person;
    const empty = this.mine ? html`${t('shelf.none-mine')} <a href="/playlists/new">${t('shelf.first')}</a>` : nothing;
    return html`
      <mc-lists-of-person .path=${`/users/${id}/playlists`} .heading=${t('profile.playlists')} .more=${`${profileOf(person)}/playlists`} .empty=${empty}></mc-lists-of-person>
      <mc-lists-of-person .path=${`/users/${id}/liked-playlists`} .heading=${t('profile.liked-of', { name })} .more=${`${profileOf(person)}/liked-playlists`}></mc-lists-of-person>
    `;
  }

  /** @param {Profile} person */
  #posts({ id, nickname: name }) {
    const empty = this.mine ? html`${t('profile.no-posts-mine')} <a href="/posts/new">${t('feed.first')}</a>` : t('profile.no-posts', { name });
    return html`
      <section class="profile-posts" aria-labelledby="posts">
        <h2 id="posts">${t('profile.posts')}</h2>
        <mc-posts .path=${`/users/${id}/posts`} .label=${t('profile.posts-of', { name })} .empty=${empty}></mc-posts>
      </section>
    `;
  }

  /** @param {Profile} person */
  #blocked(person) {
    return html`
      <main class="page quiet-page">
        <span class="emblem">${icon('off')}</span>
        <h1 tabindex="-1">${t('tie.blocked-title', { name: person.nickname })}</h1>
        <p class="lead">${t('tie.blocked-why')}</p>
        <div class="row">
          <button class="button" ?disabled=${this.pending} @click=${() => this.#unblock(person)}>${t('tie.unblock')}</button>
        </div>
      </main>
    `;
  }

  #gone() {
    this.named(t('profile.gone'));
    return html`
      <main class="page quiet-page">
        <span class="emblem">${icon('people')}</span>
        <h1>${t('profile.gone')}</h1>
        <p class="lead">${t('profile.gone-why')}</p>
        <div class="row"><a class="button accent" href="/search">${icon('search')}${t('search.title')}</a></div>
      </main>
    `;
  }
}

customElements.define('mc-profile', ProfilePage);
