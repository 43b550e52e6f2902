// What others see of oneself, changed in place: the picture at once, the rest with a button. Nothing typed is lost.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { choosePlaylist } from '../playlists/choice.js';
import { isFree, removeAvatar, saveAvatar, saveProfile, showPlaylist } from '../people/asks.js';
import { NoPicture, squareOf } from '../people/square.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { Form } from '../ui/form.js';
import { GENRES, MOST_GENRES } from '../people/genres.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';
import { face, profileOf } from '../ui/person.js';
import { toast } from '../ui/toasts.js';

/** @import { Me } from '../session.js' */

const PICTURES = 'image/*';
const MOST_NICKNAME = 8;
const MOST_ABOUT = 200;
const PAUSE_MS = 400;

/** As people count characters: a family emoji is one, and so is a syllable of Hangul typed in three strokes. */
const letters = (/** @type {string} */ text) => [...new Intl.Segmenter().segment(text)].length;

class ProfileEdit extends Page {
  static properties = { ...Page.properties, preview: { state: true }, saving: { state: true }, pictureTrouble: { state: true }, free: { state: true } };

  #timer = 0;

  constructor() {
    super();
    const me = /** @type {Me} */ (session.me);
    this.form = new Form(this, { nickname: me.nickname, about: me.about, genres: me.genres }, `profile.${me.id}`);
    /** Address of the picture that is on its way to the server. */
    this.preview = '';
    this.saving = false;
    this.pictureTrouble = '';
    /** Whether the nickname can be had; null while nobody knows. @type {boolean | null} */
    this.free = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#preview('');
  }

  /** @param {Event} event */
  async #choose(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = '';
    if (!file || this.saving) return;
    this.saving = true;
    this.pictureTrouble = '';
    try {
      const square = await squareOf(file);
      // Seen at once; should the server not take it, the old one comes back.
      this.#preview(URL.createObjectURL(square));
      session.changed(await saveAvatar(square));
      announce(t('edit.picture-saved'));
    } catch (error) {
      this.pictureTrouble = error instanceof NoPicture ? t('edit.picture-unreadable') : explain(refusal(error));
    } finally {
      this.saving = false;
      this.#preview('');
    }
  }

  async #remove() {
    if (this.saving) return;
    this.saving = true;
    this.pictureTrouble = '';
    try {
      await removeAvatar();
      session.changed({ avatar: null });
      announce(t('edit.picture-removed'));
      await this.updateComplete;
      this.querySelector('input')?.focus();
    } catch (error) {
      this.pictureTrouble = explain(refusal(error));
    } finally {
      this.saving = false;
    }
  }

  /** @param {string} address */
  #preview(address) {
    if (this.preview) URL.revokeObjectURL(this.preview);
    this.preview = address;
  }

  /** @param {string} typed */
  #named(typed) {
    const name = typed.trim();
    this.free = null;
    clearTimeout(this.#timer);
    if (!name || name === session.me?.nickname || letters(name) > MOST_NICKNAME) return;
    this.#timer = window.setTimeout(async () => {
      const free = await isFree(name).catch(() => null);
      if (name === this.form.values.nickname.trim()) this.free = free;
    }, PAUSE_MS);
  }

  /** @param {string} genre */
  #like(genre) {
    const chosen = this.form.values.genres;
    if (chosen.includes(genre)) this.form.set('genres', chosen.filter((/** @type {string} */ one) => one !== genre));
    else if (chosen.length < MOST_GENRES) this.form.set('genres', [...chosen, genre]);
    else announce(t('edit.genres-many'));
  }

  /** Sends what is different and nothing else. */
  async #save() {
    const me = /** @type {Me} */ (session.me);
    const { nickname, about, genres } = this.form.values;
    if (letters(nickname.trim()) > MOST_NICKNAME) return this.form.reject({ nickname: t('edit.nickname-hint') });
    if ([...about.normalize('NFC').trim()].length > MOST_ABOUT) return this.form.reject({ about: t('edit.about-long', { most: MOST_ABOUT }) });
    if (!genres.length) return this.form.reject({ genres: t('edit.genres-none') });
    /** @type {Record<string, unknown>} */
    const changes = {};
    if (nickname.trim() !== me.nickname) changes.nickname = nickname.trim();
    if (about.trim() !== me.about) changes.about = about.trim();
    if (genres.join() !== me.genres.join()) changes.genres = genres;
    if (Object.keys(changes).length) session.changed(await saveProfile(changes));
    this.form.forget();
    toast(t('edit.saved'));
    await go(profileOf(/** @type {Me} */ (session.me)));
  }

  /** @param {string | null} playlist */
  async #show(playlist) {
    try {
      await showPlaylist(playlist);
      await session.refresh();
      announce(t(playlist ? 'edit.playlist-shown' : 'edit.playlist-hidden'));
    } catch (error) {
      toast(explain(refusal(error)), { tone: 'warn' });
    }
  }

  async #choosePlaylist() {
    const chosen = await choosePlaylist(t('edit.playlist'), { privates: false });
    if (chosen) await this.#show(chosen.id);
  }

  /** @param {Me} me */
  #picture(me) {
    const shown = this.preview ? { ...me, avatar: this.preview } : me;
    return html`
      <section class="own-picture" aria-label=${t('edit.picture')}>
        <span ?data-saving=${this.saving}>${face(shown, 'huge')}</span>
        <div>
          <div class="row">
            <label class="button file-button">
              ${this.saving ? html`<span class="spinner" aria-hidden="true"></span>` : icon('camera')}
              <span>${t(me.avatar ? 'edit.picture-change' : 'edit.picture-choose')}</span>
              <input type="file" accept=${PICTURES} aria-describedby="picture-hint picture-trouble" @change=${this.#choose} />
            </label>
            ${me.avatar ? html`<button type="button" class="button quiet" @click=${this.#remove}>${icon('discard')}${t('edit.picture-remove')}</button>` : nothing}
          </div>
          <p class="small" id="picture-hint" role="status">${t(this.saving ? 'edit.picture-saving' : 'edit.picture-hint')}</p>
          <div role="alert" id="picture-trouble">
            ${this.pictureTrouble ? html`<p class="field-error">${icon('warn')}<span>${this.pictureTrouble}</span></p>` : nothing}
          </div>
        </div>
      </section>
    `;
  }

  #genres() {
    const { genres } = this.form.values;
    const error = this.form.errors.genres;
    return html`
      <fieldset class="labelled" aria-describedby="genres-hint">
        <legend>${t('edit.genres')}</legend>
        <div class="chips">
          ${GENRES.map((genre) => {
            const chosen = genres.includes(genre);
            return html`<button
              type="button"
              class="chip"
              name="genres"
              aria-pressed=${chosen}
              aria-disabled=${!chosen && genres.length >= MOST_GENRES}
              @click=${() => this.#like(genre)}
            >${t(`genre.${genre}`)}</button>`;
          })}
        </div>
        <p class="small" id="genres-hint">${t(genres.length >= MOST_GENRES ? 'edit.genres-many' : 'edit.genres-hint')}</p>
        <div role="alert">${error ? html`<p class="field-error">${icon('warn')}<span>${error}</span></p>` : nothing}</div>
      </fieldset>
    `;
  }

  /** @param {Me} me */
  #playlist({ representative_playlist: playlist }) {
    return html`
      <section class="tile-card" aria-label=${t('edit.playlist')}>
        <p>${t('edit.playlist')}: ${playlist ? html`<b>${playlist.title}</b>` : t('edit.playlist-none')}</p>
        <div class="row">
          <button type="button" class="button" @click=${this.#choosePlaylist}>${t(playlist ? 'choice.other' : 'choice.choose')}</button>
          ${playlist ? html`<button type="button" class="button quiet" @click=${() => this.#show(null)}>${t('edit.playlist-remove')}</button>` : nothing}
        </div>
      </section>
    `;
  }

  #free() {
    if (this.free === null) return undefined;
    return this.free ? html`${icon('check')} ${t('edit.nickname-free')}` : html`${icon('warn')} ${t('edit.nickname-taken')}`;
  }

  render() {
    const { me } = session;
    if (!me) return nothing;
    this.named(t('edit.title'));
    const left = MOST_ABOUT - [...this.form.values.about.normalize('NFC')].length;
    return html`
      <main class="page">
        <p><a class="back" href=${profileOf(me)}>${t('edit.back')}</a></p>
        <h1>${t('edit.title')}</h1>
        ${this.#picture(me)}
        <form class="form" novalidate @submit=${this.form.submit(() => this.#save())}>
          ${this.form.field({
            name: 'nickname',
            label: t('edit.nickname'),
            hint: t('edit.nickname-hint'),
            autocomplete: 'nickname',
            required: true,
            status: this.#free(),
            input: (typed) => this.#named(typed),
          })}
          ${this.form.field({ name: 'about', label: t('edit.about'), rows: 4, hint: t('edit.about-hint', { count: left }) })}
          ${this.#genres()} ${this.#playlist(me)} ${this.form.trouble()}
          <div class="row">${this.form.button(t('edit.save'))}</div>
        </form>
      </main>
    `;
  }
}

customElements.define('mc-profile-edit', ProfileEdit);
