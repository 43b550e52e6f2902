// One comment with its replies: answered, changed and deleted in place.

import { announce } from '../call/announce.js';
import { language, t } from '../i18n.js';
import { Element, html, nothing, repeat } from '../lit.js';
import { ago, fullTime } from '../people/ago.js';
import { report } from '../posts/report.js';
import { session } from '../session.js';
import { rendered, watch } from '../store.js';
import { deleteLater } from '../ui/later.js';
import { Listing, failed, loading } from '../ui/list.js';
import '../ui/menu.js';
import { face, profileOf } from '../ui/person.js';
import { changeComment, createComment, deleteComment } from './asks.js';
import './composer.js';

/** @import { Comment, Target } from './asks.js' */

/**
 * Events: `changed` (detail: the comment as it is now), `deleted`, and `counted` (detail: how many more or fewer comments the post
 * has), all of which bubble.
 */
class CommentElement extends Element {
  static properties = {
    comment: {},
    target: {},
    post: {},
    author: {},
    reply: { type: Boolean },
    editing: { state: true },
    answering: { state: true },
    gone: { state: true },
    replies: { state: true },
  };

  constructor() {
    super();
    this.comment = /** @type {Comment} */ ({});
    /** @type {Target} */
    this.target = 'posts';
    /** The post or playlist it is on. */
    this.post = '';
    /** Whose that is. */
    this.author = '';
    /** Whether it is one: a reply has none of its own. */
    this.reply = false;
    this.editing = false;
    this.answering = false;
    /** Deleted, but it can still be undone. */
    this.gone = false;
    /** @type {Listing<Comment> | null} */
    this.replies = null;
    watch(this, language);
    watch(this, session);
  }

  #open() {
    if (this.replies) return this.replies;
    this.replies = new Listing(`/comments/${this.comment.id}/replies`);
    watch(this, this.replies);
    return this.replies;
  }

  /** @param {Partial<Comment>} patch */
  #change(patch) {
    this.comment = { ...this.comment, ...patch };
    this.dispatchEvent(new CustomEvent('changed', { detail: this.comment }));
  }

  /** @param {number} by */
  #count(by) {
    this.dispatchEvent(new CustomEvent('counted', { detail: by, bubbles: true }));
  }

  /**
   * @param {string} body
   * @param {string} key
   */
  async #answer(body, key) {
    const known = this.comment.reply_count > 0 && !this.replies;
    const made = await createComment(this.target, this.post, { body, parent_id: this.comment.id }, key);
    this.answering = false;
    this.#change({ reply_count: this.comment.reply_count + 1 });
    this.#count(1);
    const replies = this.#open();
    // Those that were never loaded come with the list, the new one among them.
    if (!known) replies.append(made);
    announce(t('comment.said'));
    await this.#focus(`[data-comment="${made.id}"] .comment-menu button`);
  }

  /** @param {string} body */
  async #edit(body) {
    this.#change(await changeComment(this.comment.id, body));
    this.editing = false;
    announce(t('comment.changed'));
    await this.#focus('.comment-menu button');
  }

  async #endEditing() {
    this.editing = false;
    await this.#focus('.comment-menu button');
  }

  async #endAnswering() {
    this.answering = false;
    await this.#focus('.comment-answer');
  }

  /** @param {string} selector */
  async #focus(selector) {
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector(selector))?.focus();
  }

  #delete() {
    const { id } = this.comment;
    this.gone = true;
    this.#count(-1);
    deleteLater(t('comment.deleted'), {
      act: async () => {
        await deleteComment(id);
        if (this.comment.reply_count) this.#change({ deleted: true, author: null, body: null });
        else this.dispatchEvent(new Event('deleted'));
        this.gone = false;
      },
      back: () => {
        this.gone = false;
        this.#count(1);
      },
    });
    this.#keepFocus();
  }

  /** The button that had the focus is gone. */
  async #keepFocus() {
    await rendered();
    if (document.activeElement === document.body) /** @type {HTMLElement | null} */ (document.querySelector('#comments'))?.focus();
  }

  /** What one may do: the author of the post is the host of what is said about it. */
  #choices() {
    const me = session.me?.id;
    if (!me) return [];
    const mine = this.comment.author?.id === me;
    const edit = { word: t('comment.edit'), icon: 'pencil', act: () => (this.editing = true) };
    const remove = { word: t('comment.delete'), icon: 'discard', act: () => this.#delete() };
    const tell = { word: t('report.do'), icon: 'flag', act: () => report('comment', this.comment.id) };
    return mine ? [edit, remove] : this.author === me ? [tell, remove] : [tell];
  }

  #said() {
    const { author, body, created_at: at, edited_at: edited, deleted } = this.comment;
    if (deleted || !author) return html`<p class="comment-gone">${t('comment.gone')}</p>`;
    return html`
      <a class="comment-face" href=${profileOf(author)} tabindex="-1" aria-hidden="true">${face(author)}</a>
      <div class="comment-said">
        <p class="comment-who">
          <a href=${profileOf(author)}><b>${author.nickname}</b></a>
          ${author.id === this.author ? html`<span class="tag">${t('comment.author')}</span>` : nothing}
          <small><time datetime=${at} title=${fullTime(at)}>${ago(at)}</time>${edited ? html` · <span title=${fullTime(edited)}>${t('post.edited')}</span>` : nothing}</small>
        </p>
        ${this.editing
          ? html`<mc-composer
              cancels
              .label=${t('comment.edit')}
              .word=${t('comment.save')}
              .text=${body ?? ''}
              .send=${(/** @type {string} */ text) => this.#edit(text)}
              @cancel=${this.#endEditing}
            ></mc-composer>`
          : html`<p class="comment-body">${body}</p>`}
      </div>
      <mc-menu class="comment-menu" .label=${t('comment.more', { name: author.nickname })} .choices=${this.#choices()}></mc-menu>
    `;
  }

  #below() {
    const { id, author, reply_count: count, deleted } = this.comment;
    if (this.reply) return nothing;
    const name = author?.nickname ?? '';
    return html`
      <div class="comment-below">
        <div class="row">
          ${session.me && !deleted && !this.answering
            ? html`<button type="button" class="button quiet comment-answer" @click=${() => (this.answering = true)}>${t('comment.reply')}<span class="unseen">&nbsp;${name}</span></button>`
            : nothing}
          ${count && !this.replies ? html`<button type="button" class="button quiet" @click=${() => this.#open()}>${t(count === 1 ? 'comment.reply-one' : 'comment.replies', { count })}</button>` : nothing}
        </div>
        ${this.#replies()}
        ${this.answering
          ? html`<mc-composer
              cancels
              .label=${t('comment.reply-to', { name })}
              .word=${t('comment.reply')}
              .keep=${`reply.${id}`}
              .send=${(/** @type {string} */ text, /** @type {string} */ key) => this.#answer(text, key)}
              @cancel=${this.#endAnswering}
            ></mc-composer>`
          : nothing}
      </div>
    `;
  }

  #replies() {
    const { replies } = this;
    if (!replies) return nothing;
    const { items, state, more, trouble } = replies.value;
    return html`
      <ul class="replies" aria-label=${t('comment.replies-of', { name: this.comment.author?.nickname ?? '' })} aria-busy=${state === 'loading'}>
        ${repeat(
          items,
          ({ id }) => id,
          (one) => html`<li data-comment=${one.id}>
            <mc-comment
              reply
              .comment=${one}
              .target=${this.target}
              .post=${this.post}
              .author=${this.author}
              @changed=${(/** @type {CustomEvent} */ event) => replies.change(one.id, event.detail)}
              @deleted=${() => {
                replies.remove(one.id);
                this.#change({ reply_count: Math.max(0, this.comment.reply_count - 1) });
              }}
            ></mc-comment>
          </li>`,
        )}
      </ul>
      ${state === 'loading' ? loading() : nothing} ${state === 'failed' ? failed(trouble, () => replies.retry()) : nothing}
      ${state === 'ready' && more ? html`<button type="button" class="button quiet" @click=${() => replies.next()}>${t('list.more')}</button>` : nothing}
    `;
  }

  render() {
    if (this.gone) return html`<p class="comment-gone">${t('comment.deleted')}</p>`;
    return html`<div class="comment">${this.#said()}</div>${this.#below()}`;
  }
}

customElements.define('mc-comment', CommentElement);
