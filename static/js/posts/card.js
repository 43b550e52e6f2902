// A post in a list: its first picture large, the beginning of its text, and what can be done with it.

import { t } from '../i18n.js';
import { html, ifDefined, nothing } from '../lit.js';
import { ago, fullTime } from '../people/ago.js';
import { postAt } from './asks.js';
import { byline, image, moodOf, tagsOf } from './parts.js';
import './marks.js';

/** @import { Post } from './asks.js' */

/** @param {Post} post makes an `<li>` */
export function postCard(post) {
  const { id, title, body, pictures, mood, created_at: at } = post;
  const [first] = pictures;
  const rest = pictures.length - 1;
  return html`
    <li>
      <article class="post-card" data-aura=${ifDefined(mood ?? undefined)} aria-labelledby=${`title-${id}`}>
        <div class="post-card-head">
          ${byline(post, html`<a class="when" href=${postAt(id)}><time datetime=${at} title=${fullTime(at)}>${ago(at)}</time></a>`)} ${moodOf(post)}
        </div>
        ${first
          ? html`<a class="post-picture" href=${postAt(id)} tabindex="-1">
              ${image(first, { title, nth: 1, of: pictures.length })}
              ${rest > 0 ? html`<span class="post-more"><span aria-hidden="true">+${rest}</span><span class="unseen">${t('post.more-pictures', { count: rest })}</span></span>` : nothing}
            </a>`
          : nothing}
        <div class="post-words">
          <h2 id=${`title-${id}`}><a href=${postAt(id)}>${title}</a></h2>
          ${body ? html`<p class="post-begin">${body}</p>` : nothing} ${tagsOf(post)}
        </div>
        <mc-marks class="marks" .post=${post}></mc-marks>
      </article>
    </li>
  `;
}
