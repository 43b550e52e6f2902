// What people say about a post or a playlist, newest first, and the field to say something oneself.

import { announce } from '../call/announce.js';
import { language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { loginAddress } from '../router.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { Listing, list } from '../ui/list.js';
import { createComment } from './asks.js';
import './comment.js';
import './composer.js';

/** @import { Comment, Target } from './asks.js' */

/** Event `counted` (detail: how many more or fewer comments there are now). */
class Comments extends Element {
  static properties = { target: {}, post: {}, author: {}, count: { type: Number } };

  /** @type {Listing<Comment> | null} */
  #listing = null;

  constructor() {
    super();
    /** @type {Target} */
    this.target = 'posts';
    /** Which one it is. */
    this.post = '';
    this.author = '';
    this.count = 0;
    watch(this, language);
    watch(this, session);
  }

  willUpdate() {
    if (this.#listing || !this.post) return;
    this.#listing = new Listing(`/${this.target}/${this.post}/comments`);
    watch(this, this.#listing);
  }

  /**
   * @param {string} body
   * @param {string} key
   */
  async #say(body, key) {
    this.#listing?.add(await createComment(this.target, this.post, { body }, key));
    this.dispatchEvent(new CustomEvent('counted', { detail: 1 }));
    announce(t('comment.said'));
  }

  /** @param {Comment} comment */
  #row(comment) {
    return html`
      <li data-comment=${comment.id}>
        <mc-comment
          .comment=${comment}
          .target=${this.target}
          .post=${this.post}
          .author=${this.author}
          @changed=${(/** @type {CustomEvent} */ event) => this.#listing?.change(comment.id, event.detail)}
          @deleted=${() => this.#listing?.remove(comment.id)}
        ></mc-comment>
      </li>
    `;
  }

  render() {
    return html`
      <section class="comments" aria-labelledby="comments">
        <h2 id="comments" tabindex="-1">${t('comment.title')} <span class="tab-badge">${this.count || ''}</span></h2>
        ${session.me
          ? html`<mc-composer
              .label=${t('comment.yours')}
              .word=${t('comment.send')}
              .keep=${`comment.${this.post}`}
              .send=${(/** @type {string} */ text, /** @type {string} */ key) => this.#say(text, key)}
            ></mc-composer>`
          : html`<p class="note"><span>${t('comment.log-in')}</span><a class="button" href=${loginAddress()}>${t('nav.log-in')}</a></p>`}
        ${this.#listing ? list(this.#listing, (comment) => this.#row(comment), { label: t('comment.title'), empty: t('comment.none'), icon: 'comment' }) : ''}
      </section>
    `;
  }
}

customElements.define('mc-comments', Comments);
