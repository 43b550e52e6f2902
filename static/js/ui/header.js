// The top of every page but a call: where one can go, and who one is.

import { language, t } from '../i18n.js';
import { Element, html, ifDefined, nothing } from '../lit.js';
import { currentRoute, go, loginAddress, navigation } from '../router.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { icon } from './icons.js';
import { face, profileOf } from './person.js';
import './chooser.js';

/** Most that the badge counts to. */
const MOST = 99;

class Header extends Element {
  static properties = { trouble: { state: true } };

  constructor() {
    super();
    this.trouble = '';
    watch(this, language);
    watch(this, session);
    watch(this, navigation);
  }

  /**
   * @param {string} href
   * @param {string} picture
   * @param {string} word
   * @param {unknown} [badge]
   */
  #link(href, picture, word, badge = nothing) {
    const here = location.pathname === href;
    return html`
      <a class="nav-link" href=${href} aria-current=${ifDefined(here ? 'page' : undefined)} title=${word}>
        ${icon(picture)}<span class="nav-word">${word}</span>${badge}
      </a>
    `;
  }

  #bell() {
    const { unread } = session.value;
    const badge = unread
      ? html`<span class="badge-count" aria-hidden="true">${unread > MOST ? `${MOST}+` : unread}</span><span class="unseen">${t('nav.unread', { count: unread })}</span>`
      : nothing;
    return this.#link('/notifications', 'bell', t('nav.notifications'), badge);
  }

  async #logOut() {
    this.#menu()?.hidePopover();
    try {
      await session.logOut();
      go('/');
    } catch {
      this.trouble = t('nav.log-out-failed');
    }
  }

  /** @returns {HTMLElement | null} */
  #menu() {
    return this.querySelector('#own-menu');
  }

  /** @param {MouseEvent} event */
  #chosen(event) {
    if (event.target instanceof window.Element && event.target.closest('a')) this.#menu()?.hidePopover();
  }

  #member() {
    const me = /** @type {import('../session.js').Me} */ (session.me);
    return html`
      <nav class="nav" aria-label=${t('nav.site')}>
        ${this.#link('/', 'home', t('nav.home'))} ${this.#link('/friends', 'people', t('nav.friends'))}
        ${this.#link('/playlists', 'music', t('nav.playlists'))} ${this.#link('/search', 'search', t('nav.search'))} ${this.#bell()}
      </nav>
      <button class="own" popovertarget="own-menu" aria-label=${t('nav.own', { name: me.nickname })}>${face(me)}</button>
      <div id="own-menu" class="menu" popover @click=${this.#chosen}>
        <p class="menu-who"><b>${me.nickname}</b><small>@${me.handle}</small></p>
        <ul>
          <li><a href=${profileOf(me)}>${icon('person')}${t('nav.profile')}</a></li>
          <li><a href="/gallery">${icon('still')}${t('nav.gallery')}</a></li>
          <li><a href="/playlists?show=mine">${icon('music')}${t('nav.my-playlists')}</a></li>
          <li><a href="/playlists?show=liked">${icon('heart')}${t('nav.liked')}</a></li>
          <li><a href="/dig">${icon('dig')}${t('nav.dig')}</a></li>
          <li><a href="/bookmarks">${icon('bookmark')}${t('nav.bookmarks')}</a></li>
          ${me.staff ? html`<li><a href="/admin">${icon('shield')}${t('nav.admin')}</a></li>` : nothing}
          <li><a href="/settings">${icon('settings')}${t('nav.settings')}</a></li>
          <li><button type="button" @click=${this.#logOut}>${icon('exit')}${t('nav.log-out')}</button></li>
        </ul>
      </div>
    `;
  }

  #guest() {
    const away = ['/login', '/signup'].includes(location.pathname) || location.pathname === '/';
    return html`
      <div class="nav guest">
        <mc-chooser></mc-chooser>
        <a class="button quiet" href=${away ? '/login' : loginAddress()}>${t('nav.log-in')}</a>
        <a class="button accent" href="/signup">${t('nav.sign-up')}</a>
      </div>
    `;
  }

  render() {
    if (currentRoute()?.bare) return nothing;
    return html`
      <a class="skip button" href="#page">${t('nav.skip')}</a>
      <header class="top site">
        <a class="brand" href="/"><img src="/static/favicon.svg" alt="" width="32" height="32" /><span class="brand-word">Moodcall</span></a>
        ${session.me ? this.#member() : this.#guest()}
      </header>
      <div role="alert">${this.trouble ? html`<p class="note warn">${icon('warn')}<span>${this.trouble}</span></p>` : nothing}</div>
    `;
  }
}

customElements.define('mc-header', Header);
