// The parts that a post has wherever it is shown: who wrote it and when, its mood, its tags.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { ago, fullTime } from '../people/ago.js';
import { icon } from '../ui/icons.js';
import { face, profileOf } from '../ui/person.js';
import { VISIBILITY_ICONS, tagAt } from './asks.js';

/** @import { Picture, Post } from './asks.js' */

/**
 * @param {Post} post
 * @param {unknown} [time] what leads to the post, where it is not the whole page
 */
export const byline = ({ author, created_at: at, edited_at: edited, visibility }, time = html`<time datetime=${at} title=${fullTime(at)}>${ago(at)}</time>`) => html`
  <div class="byline">
    <a class="byline-face" href=${profileOf(author)} tabindex="-1" aria-hidden="true">${face(author)}</a>
    <div>
      <a class="byline-name" href=${profileOf(author)}><b>${author.nickname}</b> <span>@${author.handle}</span></a>
      <small>
        ${time}${edited ? html` · <span title=${fullTime(edited)}>${t('post.edited')}</span>` : nothing}${visibility === 'public'
          ? nothing
          : html` · <span class="byline-seen">${icon(VISIBILITY_ICONS[visibility])}${t(`post.for-${visibility}`)}</span>`}
      </small>
    </div>
  </div>
`;

/** The mood of the call that it came from: name and icon, not only its colors. @param {Post} post */
export const moodOf = ({ mood }) => (mood ? html`<span class="post-mood" data-aura=${mood}>${icon(mood)}${t(`mood.${mood}`)}</span>` : nothing);

/** @param {{tags: string[]}} thing whatever carries tags */
export const tagsOf = ({ tags }) =>
  tags.length
    ? html`<ul class="tags" aria-label=${t('tags')}>${tags.map((tag) => html`<li><a class="tag" href=${tagAt(tag)}>#${tag}</a></li>`)}</ul>`
    : nothing;

/**
 * @param {Picture} picture
 * @param {{title: string, nth: number, of: number, lazy?: boolean}} where
 */
export const image = ({ url, width, height, description }, { title, nth, of, lazy = true }) => html`
  <img
    src=${url}
    width=${width}
    height=${height}
    alt=${description || t(of > 1 ? 'post.picture-nth' : 'post.picture', { title, nth, of })}
    loading=${lazy ? 'lazy' : 'eager'}
    decoding="async"
  />
`;
