// A playlist made by hand: its name first, its songs then.

import { freshKey } from '../api.js';
import { t } from '../i18n.js';
import { html } from '../lit.js';
import { MOST_DESCRIPTION, MOST_TITLE, changes, createPlaylist, playlistAt } from '../playlists/asks.js';
import { publicSwitch } from '../playlists/public-switch.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { Form } from '../ui/form.js';
import { Page } from '../ui/page.js';

class PlaylistEmpty extends Page {
  #key = freshKey();

  constructor() {
    super();
    this.form = new Form(this, { title: '', description: '', is_public: true }, `playlist.${session.me?.id ?? ''}`);
  }

  async #create() {
    const { title, description, is_public } = this.form.values;
    if (!title.trim()) return this.form.reject({ title: t('form.needed') });
    const playlist = await createPlaylist({ title: title.trim(), description: description.trim(), is_public }, this.#key);
    this.form.forget();
    changes.made(playlist);
    await go(`${playlistAt(playlist.id)}/edit`, { replace: true });
  }

  render() {
    this.named(t('empty.title'));
    return html`
      <main class="page">
        <p><a class="back" href="/playlists/new">${t('empty.back')}</a></p>
        <h1 tabindex="-1">${t('empty.title')}</h1>
        <p class="lead">${t('empty.lead')}</p>
        <form class="form" novalidate @submit=${this.form.submit(() => this.#create())}>
          ${this.form.field({ name: 'title', label: t('playlist.title'), required: true, maxlength: MOST_TITLE })}
          ${this.form.field({ name: 'description', label: t('playlist.description'), rows: 3, maxlength: MOST_DESCRIPTION })}
          ${publicSwitch(this.form.values.is_public, (on) => this.form.set('is_public', on))} ${this.form.trouble()}
          <div class="row">${this.form.button(t('empty.make'))}</div>
        </form>
      </main>
    `;
  }
}

customElements.define('mc-playlist-empty', PlaylistEmpty);
