// A new post. What was begun is kept in this browser until it is posted or thrown away.

import { freshKey, refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { fetchStill } from '../gallery/asks.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { changes, createPost, postAt } from '../posts/asks.js';
import { bodyOf, chosenOf, emptyDraft, forgetDraft, isEmpty, keepDraft, recallDraft } from '../posts/draft.js';
import '../posts/editor.js';
import { MOST_PICTURES } from '../posts/picture-field.js';
import { MOST_TAGS, tagOf } from '../posts/tag-field.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { confirmed } from '../ui/confirm.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toasts.js';

/** @import { Draft } from '../posts/draft.js' */

const PAUSE_MS = 300;

class PostNew extends Page {
  static properties = { ...Page.properties, kept: { state: true } };

  #key = freshKey();
  #timer = 0;

  constructor() {
    super();
    this.user = session.me?.id ?? '';
    this.draft = recallDraft(this.user, 'new')?.draft ?? emptyDraft();
    const tag = tagOf(this.query.get('tag') ?? '');
    if (tag && !this.draft.tags.includes(tag)) this.draft.tags = [...this.draft.tags, tag].slice(-MOST_TAGS);
    /** Whether there is something to throw away. */
    this.kept = !isEmpty(this.draft);
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

  firstUpdated() {
    const still = this.query.get('still');
    if (still) this.#bring(still);
  }

  /** Puts a still of a call into what is being written. @param {string} still */
  async #bring(still) {
    // A reload brings it no second time, should it have been taken out.
    history.replaceState(history.state, '', location.pathname);
    if (this.draft.pictures.some((one) => one.still === still)) return;
    try {
      if (this.draft.pictures.length >= MOST_PICTURES) return toast(t('write.pictures-many', { most: MOST_PICTURES }), { tone: 'warn' });
      const picture = chosenOf(await fetchStill(still));
      this.draft = { ...this.draft, pictures: [...this.draft.pictures, picture] };
      this.kept = true;
      this.#keep();
      /** @type {any} */ (this.querySelector('mc-editor'))?.begin(this.draft);
    } catch (error) {
      const why = refusal(error);
      toast(why.status === 404 ? t('write.no-still') : explain(why), { tone: 'warn' });
    }
  }

  /** @param {CustomEvent<Draft>} event */
  #changed({ detail }) {
    this.draft = detail;
    this.kept = !isEmpty(detail);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#keep(), PAUSE_MS);
  }

  #keep = () => {
    clearTimeout(this.#timer);
    if (isEmpty(this.draft)) forgetDraft(this.user, 'new');
    else keepDraft(this.user, 'new', this.draft);
  };

  /** @param {Draft} draft */
  async #send(draft) {
    const post = await createPost(bodyOf(draft), this.#key);
    this.draft = emptyDraft();
    this.#keep();
    changes.made(post);
    announce(t('write.posted'));
    await go(postAt(post.id), { replace: true });
  }

  async #discard() {
    if (!(await confirmed({ title: t('write.discard-sure'), action: t('write.discard'), danger: true }))) return;
    this.draft = emptyDraft();
    this.kept = false;
    this.#keep();
    // Another post, should somebody write one: not another try.
    this.#key = freshKey();
    /** @type {any} */ (this.querySelector('mc-editor'))?.begin(emptyDraft());
    this.querySelector('h1')?.focus();
  }

  render() {
    this.named(t('write.new'));
    const note = this.kept
      ? html`<span class="small kept">${icon('check')}${t('write.kept')}</span>
          <button type="button" class="button quiet" @click=${this.#discard}>${icon('discard')}${t('write.discard')}</button>`
      : nothing;
    return html`
      <main class="page">
        <h1 tabindex="-1">${t('write.new')}</h1>
        <mc-editor .draft=${this.draft} .word=${t('write.post')} .note=${note} .send=${(/** @type {Draft} */ draft) => this.#send(draft)} @draft=${this.#changed}></mc-editor>
      </main>
    `;
  }
}

customElements.define('mc-post-new', PostNew);
