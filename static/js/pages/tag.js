// Everything that carries a tag, newest first.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import '../posts/list.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';

class TagPage extends Page {
  render() {
    const tag = this.params.name ?? '';
    this.named(`#${tag}`);
    const write = html` <a href=${`/posts/new?tag=${encodeURIComponent(tag)}`}>${t('tag.first')}</a>`;
    return html`
      <main class="page">
        <div class="page-head">
          <h1 tabindex="-1" class="tag-title">#${tag}</h1>
          ${session.me ? html`<a class="button" href=${`/posts/new?tag=${encodeURIComponent(tag)}`}>${icon('plus')}${t('feed.new')}</a>` : nothing}
        </div>
        <mc-posts
          .path=${`/tags/${encodeURIComponent(tag)}/items`}
          .label=${t('tag.items', { tag })}
          .empty=${html`${t('tag.none', { tag })}${session.me ? write : nothing}`}
          .icon=${'tag'}
          .row=${(/** @type {any} */ item) => item.post ?? item}
        ></mc-posts>
      </main>
    `;
  }
}

customElements.define('mc-tag', TagPage);
