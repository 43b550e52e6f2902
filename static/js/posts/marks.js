// What anybody can do with a post: like it, keep it, say something, send it on. Likes and bookmarks change at once, and back
// with a word if the server did not agree.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { go, loginAddress } from '../router.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toasts.js';
import { changes, markPost, postAt } from './asks.js';
import { figure } from './figure.js';

/** @import { Post } from './asks.js' */

class Marks extends Element {
  static properties = { post: {} };

  #pending = new Set();

  constructor() {
    super();
    this.post = /** @type {Post} */ ({});
    watch(this, language);
  }

  /** @param {'like' | 'bookmark'} mark */
  async #turn(mark) {
    if (!session.me) return go(loginAddress());
    if (this.#pending.has(mark)) return;
    this.#pending.add(mark);
    const { id } = this.post;
    const on = !(mark === 'like' ? this.post.liked : this.post.bookmarked);
    this.#show(mark, on);
    try {
      await markPost(id, mark, on);
      announce(t(`post.say-${mark}-${on ? 'on' : 'off'}`));
    } catch (error) {
      this.#show(mark, !on);
      toast(explain(refusal(error)), { tone: 'warn' });
    } finally {
      this.#pending.delete(mark);
    }
  }

  /**
   * @param {'like' | 'bookmark'} mark
   * @param {boolean} on
   */
  #show(mark, on) {
    const { counts } = this.post;
    /** @type {Partial<Post>} */
    const patch = mark === 'like' ? { liked: on, counts: { ...counts, likes: Math.max(0, counts.likes + (on ? 1 : -1)) } } : { bookmarked: on };
    this.post = { ...this.post, ...patch };
    changes.tell(this.post.id, patch);
  }

  async #share() {
    const url = new URL(postAt(this.post.id), location.href).href;
    // A phone has a sheet for it; a desktop's clipboard is quicker than its sheet.
    if ('share' in navigator && matchMedia('(pointer: coarse)').matches) {
      await navigator.share({ title: this.post.title, url }).catch(() => {});
      return;
    }
    try {
      await navigator.clipboard.writeText(url);
      toast(t('post.copied'));
    } catch {
      toast(t('post.copy-failed', { url }), { tone: 'warn' });
    }
  }

  render() {
    const { id, title, liked, bookmarked, counts } = this.post;
    return html`
      <button type="button" class="mark" aria-pressed=${liked} title=${t(liked ? 'post.unlike' : 'post.like')} @click=${() => this.#turn('like')}>
        ${icon('heart')}<span class="unseen">${t('post.like')}</span><span>${figure(counts.likes)}</span>
      </button>
      <a class="mark" href=${`${postAt(id)}#comments`} title=${t('post.comments')}>
        ${icon('comment')}<span class="unseen">${t('post.comments-of', { title })}</span><span>${figure(counts.comments)}</span>
      </a>
      <span class="marks-gap"></span>
      <button type="button" class="mark" aria-label=${t('post.share')} title=${t('post.share')} @click=${this.#share}>${icon('share')}</button>
      ${session.me
        ? html`<button type="button" class="mark" aria-pressed=${bookmarked} aria-label=${t('post.bookmark')} title=${t(bookmarked ? 'post.unbookmark' : 'post.bookmark')} @click=${() => this.#turn('bookmark')}>${icon('bookmark')}</button>`
        : nothing}
    `;
  }
}

customElements.define('mc-marks', Marks);
