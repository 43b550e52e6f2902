// Posts that one wants to find again. Only oneself sees them.

import { t } from '../i18n.js';
import { html } from '../lit.js';
import '../posts/list.js';
import { Page } from '../ui/page.js';

class Bookmarks extends Page {
  render() {
    this.named(t('bookmarks.title'));
    return html`
      <main class="page">
        <h1 tabindex="-1">${t('bookmarks.title')}</h1>
        <p class="lead">${t('bookmarks.lead')}</p>
        <mc-posts .path=${'/me/bookmarks'} .label=${t('bookmarks.title')} .empty=${html`${t('bookmarks.none')} <a href="/">${t('bookmarks.look')}</a>`} .icon=${'bookmark'}></mc-posts>
      </main>
    `;
  }
}

customElements.define('mc-bookmarks', Bookmarks);
