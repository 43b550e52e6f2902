// The last step of signing up: what one is called, how one logs in, and what one agrees to.

import { Refusal, ask } from '../api.js';
import { current, language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { look } from '../look.js';
import { isFree, saveAvatar } from '../people/asks.js';
import { squareOf } from '../people/square.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { TERMS_VERSION, terms } from './consents.js';
import { Form } from './form.js';
import { genreChips } from './genres.js';
import { icon } from './icons.js';

/** Quiet for so long, then it is asked whether the name is free, in ms. */
const PAUSE_MS = 1_000;
/** As people count letters. */
const LONGEST_NICKNAME = 8;
const LONGEST_ABOUT = 200;

const EMPTY = { nickname: '', handle: '', password: '', about: '', genres: /** @type {string[]} */ ([]), terms: false, news: false };

/** Events: `done`, and `unproved` when the proof of the address does not hold any more. */
class AccountForm extends Element {
  static properties = { proof: {}, pending: {}, free: { state: true }, picture: { state: true } };

  #timer = 0;

  constructor() {
    super();
    /** @type {{proof: string, email: string} | null} */
    this.proof = null;
    /** Who a provider says it is. @type {{email?: string | null, nickname?: string | null} | null} */
    this.pending = null;
    this.form = new Form(this, EMPTY, 'signup');
    /** Whether the nickname can be had; null while nobody knows. @type {boolean | null} */
    this.free = null;
    /** A picture chosen for later, and how it looks. @type {{blob: Blob, url: string} | null} */
    this.picture = null;
    watch(this, language);
  }

  connectedCallback() {
    super.connectedCallback();
    const suggested = this.pending?.nickname;
    if (suggested && !this.form.values.nickname) this.form.set('nickname', letters(suggested).slice(0, LONGEST_NICKNAME).join(''));
    if (this.form.values.nickname) this.#check();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#show(null);
  }

  /** @param {Blob | null} blob */
  #show(blob) {
    if (this.picture) URL.revokeObjectURL(this.picture.url);
    this.picture = blob && { blob, url: URL.createObjectURL(blob) };
  }

  #typedName() {
    clearTimeout(this.#timer);
    this.free = null;
    this.#timer = window.setTimeout(() => this.#check(), PAUSE_MS);
  }

  async #check() {
    const name = this.form.values.nickname.trim();
    if (!name || letters(name).length > LONGEST_NICKNAME) return;
    const free = await isFree(name).catch(() => null);
    if (name === this.form.values.nickname.trim()) this.free = free;
  }

  /** @param {Event} event */
  async #choosePicture(event) {
    const [file] = /** @type {HTMLInputElement} */ (event.target).files ?? [];
    if (!file) return;
    try {
      this.#show(await squareOf(file));
      this.form.reject({});
    } catch {
      this.form.reject({ picture: t('account.no-picture') });
    }
  }

  async #signUp() {
    const { nickname, handle, password, about, genres, news } = this.form.values;
    const wrong = this.#wrong();
    if (wrong) return this.form.reject(wrong);
    const body = {
      ...(this.proof ? { email_proof: this.proof.proof } : {}),
      ...(this.pending ? {} : { password }),
      nickname: nickname.trim(),
      handle: handle.trim().toLowerCase(),
      about: about.trim(),
      genres,
      language: current(),
      theme: look(),
      consents: [
        { purpose: 'terms', granted: true, version: TERMS_VERSION },
        { purpose: 'news', granted: news, version: TERMS_VERSION },
      ],
      remember: true,
      cookie: true,
    };
    try {
      const answer = await ask('/users', { method: 'POST', body, anonymous: true });
      session.adopt(answer);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'verification') this.dispatchEvent(new CustomEvent('unproved'));
      throw error;
    }
    this.form.forget();
    // The account is there; a picture that fails can be chosen again in the profile.
    if (this.picture) await saveAvatar(this.picture.blob).then((me) => session.changed(me)).catch(() => {});
    this.dispatchEvent(new CustomEvent('done'));
  }

  /** What can be told before the server is asked. @returns {Record<string, string> | null} */
  #wrong() {
    const { nickname, genres } = this.form.values;
    if (letters(nickname.trim()).length > LONGEST_NICKNAME) return { nickname: t('account.nickname-rule') };
    if (this.free === false) return { nickname: t('account.taken') };
    if (!genres.length) return { genres: t('account.genres-needed') };
    return null;
  }

  #status() {
    if (this.free === null) return t('account.nickname-rule');
    return html`<span class="found" data-free=${this.free}>${icon(this.free ? 'check' : 'close')}${t(this.free ? 'account.free' : 'account.taken')}</span>`;
  }

  #picture() {
    const error = this.form.errors.picture;
    return html`
      <div class="picture-choice">
        ${this.picture
          ? html`<span class="face" data-size="large"><img src=${this.picture.url} alt=${t('account.picture-chosen')} /></span>`
          : html`<span class="face" data-size="large" data-aura="neutral" aria-hidden="true"><span>${icon('person')}</span></span>`}
        <label class="button file">
          <input type="file" accept="image/png,image/jpeg,image/webp" class="unseen" @change=${this.#choosePicture} />
          ${t(this.picture ? 'account.picture-other' : 'account.picture')}
        </label>
        ${error ? html`<p class="field-error" role="alert">${icon('warn')}<span>${error}</span></p>` : nothing}
      </div>
    `;
  }

  render() {
    const { values, errors } = this.form;
    const email = this.proof?.email ?? this.pending?.email ?? '';
    return html`
      <form class="form" novalidate @submit=${this.form.submit(() => this.#signUp())}>
        <p class="lead">${t('account.address', { email })}</p>
        ${this.#picture()}
        ${this.form.field({
          name: 'nickname',
          label: t('account.nickname'),
          autocomplete: 'nickname',
          required: true,
          maxlength: 40,
          status: this.#status(),
          input: () => this.#typedName(),
        })}
        ${this.form.field({
          name: 'handle',
          label: t('account.handle'),
          autocomplete: 'username',
          required: true,
          maxlength: 20,
          pattern: '[A-Za-z][A-Za-z0-9_]{2,19}',
          title: t('account.handle-rule'),
          hint: t('account.handle-rule'),
        })}
        ${this.pending
          ? nothing
          : this.form.password({ name: 'password', label: t('account.password'), fresh: true, required: true, about: [email, values.nickname, values.handle] })}
        ${this.form.field({ name: 'about', label: t('account.about'), rows: 3, maxlength: LONGEST_ABOUT })}
        <div>
          ${genreChips(values.genres, (genres) => this.form.set('genres', genres))}
          ${errors.genres ? html`<p class="field-error" role="alert">${icon('warn')}<span>${errors.genres}</span></p>` : nothing}
        </div>
        <fieldset class="agreements">
          <legend>${t('account.agreements')}</legend>
          ${this.form.check({ name: 'terms', label: t('account.terms'), required: true })} ${terms()}
          ${this.form.check({ name: 'news', label: t('account.news') })}
        </fieldset>
        ${this.form.trouble()} ${this.form.button(t('account.go'))}
      </form>
    `;
  }
}

/** As people count them: a family emoji is one. @param {string} text */
const letters = (text) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);

customElements.define('mc-account-form', AccountForm);
