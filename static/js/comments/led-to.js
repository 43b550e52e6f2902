// The one comment that somebody was led to, above all others: in a long talk it would be far away.

import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { watch } from '../store.js';
import { fetchComment } from './asks.js';
import './comment.js';

/** @import { Comment } from './asks.js' */

class LedTo extends Element {
  static properties = { comment: {}, target: {}, post: {}, author: {}, thread: { state: true } };

  constructor() {
    super();
    /** Its identifier. */
    this.comment = '';
    /** @type {import('./asks.js').Target} */
    this.target = 'posts';
    /** The post or playlist it is on. */
    this.post = '';
    /** Whose that is. */
    this.author = '';
    /** The comment; before it, the one that it answers. @type {Comment[]} */
    this.thread = [];
    watch(this, language);
  }

  firstUpdated() {
    this.#load().catch(() => {});
  }

  async #load() {
    const comment = await fetchComment(this.comment);
    const before = comment.parent_id ? [await fetchComment(comment.parent_id)] : [];
    this.thread = [...before, comment];
  }

  /** @param {Comment} comment */
  #row = (comment) => html`
    <li data-comment=${comment.id}>
      <mc-comment
        .comment=${comment}
        .target=${this.target}
        .post=${this.post}
        .author=${this.author}
        ?reply=${comment.parent_id !== null}
        @deleted=${() => (this.thread = [])}
      ></mc-comment>
    </li>
  `;

  render() {
    if (!this.thread.length) return nothing;
    return html`
      <section class="section led-to" aria-labelledby="led-to">
        <h2 id="led-to">${t('comment.led-to')}</h2>
        <ul class="rows" aria-labelledby="led-to">${this.thread.map(this.#row)}</ul>
      </section>
    `;
  }
}

customElements.define('mc-led-to', LedTo);
