// Changing a post. If it was changed elsewhere meanwhile, one sees how, and nothing that was typed is lost.

import { Refusal, refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { merge } from '../merge.js';
import { changePost, changes, fetchPost, postAt } from '../posts/asks.js';
import { changesOf, draftOf, forgetDraft, keepDraft, recallDraft } from '../posts/draft.js';
import '../posts/editor.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { loading } from '../ui/list.js';
import { Page } from '../ui/page.js';

/** @import { Post } from '../posts/asks.js' */
/** @import { Draft } from '../posts/draft.js' */

const PAUSE_MS = 300;

class PostEdit extends Page {
  static properties = { ...Page.properties, post: { state: true }, state: { state: true }, newer: { state: true }, restored: { state: true } };

  #timer = 0;

  constructor() {
    super();
    /** The version that is changed. @type {Post | null} */
    this.post = null;
    /** @type {'loading' | 'ready' | 'gone' | Refusal} */
    this.state = 'loading';
    /** @type {Draft | null} */
    this.draft = null;
    /** The version that somebody else (or oneself elsewhere) has made meanwhile. @type {Post | null} */
    this.newer = null;
    /** Whether the form began with what was left here before. */
    this.restored = false;
  }

  firstUpdated() {
    this.#load();
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('pagehide', this.#keep);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('pagehide', this.#keep);
    this.#keep();
  }

  get user() {
    return session.me?.id ?? '';
  }

  async #load() {
    this.state = 'loading';
    try {
      const post = await fetchPost(this.params.id ?? '');
      if (!post.mine) {
        this.state = 'gone';
        return;
      }
      const kept = recallDraft(this.user, post.id);
      const now = draftOf(post);
      const { merged, contested } = merge(kept?.draft ?? now, kept?.before ?? now, now);
      this.post = post;
      this.draft = merged;
      this.restored = Object.keys(changesOf(merged, post)).length > 0;
      // What was begun before somebody changed the same must not undo it unseen.
      if (contested.length) this.newer = post;
      this.state = 'ready';
    } catch (error) {
      const why = refusal(error);
      this.state = why.status === 404 ? 'gone' : why;
    }
  }

  /** @param {CustomEvent<Draft>} event */
  #changed({ detail }) {
    this.draft = detail;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#keep(), PAUSE_MS);
  }

  #keep = () => {
    clearTimeout(this.#timer);
    const { post, draft } = this;
    if (!post || !draft) return;
    if (Object.keys(changesOf(draft, post)).length) keepDraft(this.user, post.id, draft, draftOf(post));
    else forgetDraft(this.user, post.id);
  };

  /** @param {Draft} draft */
  async #send(draft) {
    const { post } = this;
    if (!post) return;
    const patch = changesOf(draft, post);
    if (Object.keys(patch).length) {
      try {
        const now = await changePost(post.id, patch, post.version);
        changes.tell(post.id, now);
        this.post = now;
      } catch (error) {
        if (refusal(error).code !== 'changed') throw error;
        await this.#conflict(draft, post);
        return;
      }
    }
    this.draft = null;
    forgetDraft(this.user, post.id);
    announce(t('write.saved'));
    await go(postAt(post.id), { replace: true });
  }

  /**
   * @param {Draft} draft
   * @param {Post} before
   */
  async #conflict(draft, before) {
    const now = await fetchPost(before.id);
    this.newer = now;
    // From here on the changes are against the newer version: saving again is a choice, not an accident.
    this.post = now;
    this.#begin(merge(draft, draftOf(before), draftOf(now)).merged);
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector('#conflict'))?.focus();
  }

  /** @param {Draft} draft */
  #begin(draft) {
    this.draft = draft;
    /** @type {any} */ (this.querySelector('mc-editor'))?.begin(draft);
    this.#keep();
  }

  /** Forgets one's own changes and begins with what is there. */
  async #takeTheirs() {
    const { newer } = this;
    if (!newer) return;
    this.post = newer;
    this.newer = null;
    this.restored = false;
    this.#begin(draftOf(newer));
    await this.updateComplete;
    this.querySelector('h1')?.focus();
  }

  /** @param {Post} newer */
  #conflictNote(newer) {
    const mine = this.draft ? changesOf(this.draft, newer) : {};
    const shown = (/** @type {string} */ name) => {
      const value = /** @type {any} */ (newer)[name];
      if (name === 'pictures') return t('write.pictures-count', { count: value.length });
      if (name === 'tags') return value.map((/** @type {string} */ tag) => `#${tag}`).join(' ') || t('write.nothing');
      if (name === 'visibility') return t(`write.for-${value}`);
      if (name === 'mood') return value ? t(`mood.${value}`) : t('write.no-mood');
      if (name === 'playlist_id') return newer.playlist?.title ?? t('write.nothing');
      return value || t('write.nothing');
    };
    return html`
      <section class="conflict" aria-labelledby="conflict">
        <h2 id="conflict" tabindex="-1">${icon('warn')}${t('write.conflict')}</h2>
        <p>${t('write.conflict-why')}</p>
        ${Object.keys(mine).length
          ? html`<dl>
              ${Object.keys(mine).map((name) => html`<div><dt>${t(`write.${name}`)}</dt><dd>${shown(name)}</dd></div>`)}
            </dl>`
          : nothing}
        <div class="row">
          <button type="button" class="button" @click=${this.#takeTheirs}>${t('write.take-theirs')}</button>
          <button type="button" class="button quiet" @click=${() => (this.newer = null)}>${t('write.keep-mine')}</button>
        </div>
      </section>
    `;
  }

  #gone() {
    this.named(t('post.gone'));
    return html`
      <main class="page quiet-page">
        <span class="emblem">${icon('picture')}</span>
        <h1>${t('post.gone')}</h1>
        <p class="lead">${t('post.gone-why')}</p>
        <div class="row"><a class="button" href="/">${icon('home')}${t('nav.home')}</a></div>
      </main>
    `;
  }

  render() {
    const { post, state, draft, newer } = this;
    if (state === 'gone') return this.#gone();
    if (state instanceof Refusal) return this.failed(state, () => this.#load());
    if (!post || state === 'loading') return html`<main class="page">${loading()}</main>`;
    this.named(t('write.edit'));
    return html`
      <main class="page">
        <p><a class="back" href=${postAt(post.id)}>${t('write.back')}</a></p>
        <h1 tabindex="-1">${t('write.edit')}</h1>
        ${newer ? this.#conflictNote(newer) : nothing}
        ${this.restored && !newer
          ? html`<p class="note">${icon('info')}<span>${t('write.restored')}</span><button type="button" class="button quiet" @click=${() => {
              this.newer = this.post;
              this.#takeTheirs();
            }}>${t('write.forget')}</button></p>`
          : nothing}
        <mc-editor .draft=${draft ?? draftOf(post)} .word=${t('write.save')} .send=${(/** @type {Draft} */ one) => this.#send(one)} @draft=${this.#changed}></mc-editor>
      </main>
    `;
  }
}

customElements.define('mc-post-edit', PostEdit);
