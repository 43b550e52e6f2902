// All playlists that somebody has made, or likes.

import { refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html } from '../lit.js';
import { fetchProfile } from '../people/asks.js';
import '../playlists/list.js';
import { failed, loading } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { profileOf } from '../ui/person.js';
import { tabs } from '../ui/tabs.js';

/** @import { Profile } from '../people/asks.js' */

class PersonPlaylists extends Page {
  static properties = { ...Page.properties, person: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Profile | null} */
    this.person = null;
    this.trouble = '';
    this.liked = location.pathname.endsWith('/liked-playlists');
  }

  firstUpdated() {
    this.#load();
  }

  async #load() {
    this.trouble = '';
    try {
      this.person = await fetchProfile(this.params.handle ?? '');
    } catch (error) {
      const why = refusal(error);
      this.trouble = why.status === 404 ? t('profile.gone-why') : explain(why);
    }
  }

  render() {
    const { person, trouble, liked } = this;
    if (trouble) return html`<main class="page">${failed(trouble, () => this.#load())}</main>`;
    if (!person) return html`<main class="page">${loading()}</main>`;
    const name = person.nickname;
    const title = t(liked ? 'profile.liked-of' : 'profile.playlists-of', { name });
    const at = profileOf(person);
    this.named(title);
    return html`
      <main class="page wide">
        <p><a class="back" href=${at}>${name}</a></p>
        <h1 tabindex="-1">${title}</h1>
        ${tabs(t('shelf.kinds'), [{ href: `${at}/playlists`, word: t('profile.playlists') }, { href: `${at}/liked-playlists`, word: t('profile.liked') }], `${at}/${liked ? 'liked-playlists' : 'playlists'}`)}
        <mc-playlists .path=${`/users/${person.id}/${liked ? 'liked-playlists' : 'playlists'}`} .label=${title} .empty=${t(liked ? 'profile.no-liked' : 'profile.no-playlists', { name })}></mc-playlists>
      </main>
    `;
  }
}

customElements.define('mc-person-playlists', PersonPlaylists);
