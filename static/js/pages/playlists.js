// All playlists of one kind, one page after the other: what many like, what is new, for oneself, one's own, those one has marked.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import '../playlists/list.js';
import { loginAddress, go } from '../router.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';
import { tabs } from '../ui/tabs.js';

/** @type {{name: string, path: () => string, query?: Record<string, string>, members?: boolean}[]} */
const KINDS = [
  { name: 'hot', path: () => '/playlists', query: { sort: 'hot' } },
  { name: 'new', path: () => '/playlists', query: { sort: 'new' } },
  { name: 'for-you', path: () => '/playlists', query: { sort: 'for-you' }, members: true },
  { name: 'mine', path: () => '/me/playlists', members: true },
  { name: 'liked', path: () => `/users/${session.me?.id}/liked-playlists`, members: true },
  { name: 'bookmarked', path: () => '/me/bookmarked-playlists', members: true },
];

/** @param {string} name */
const addressOf = (name) => (name === 'hot' ? '/playlists' : `/playlists?show=${name}`);

class Playlists extends Page {
  constructor() {
    super();
    const wanted = this.query.get('show') ?? this.query.get('sort') ?? 'hot';
    this.kind = KINDS.find(({ name }) => name === wanted) ?? /** @type {typeof KINDS[number]} */ (KINDS[0]);
    this.allowed = !this.kind.members || session.me !== null;
  }

  firstUpdated() {
    if (!this.allowed) go(loginAddress(), { replace: true });
  }

  render() {
    const { name, path, query = {} } = this.kind;
    this.named(t(`shelf.${name}`));
    if (!this.allowed) return html`<main class="page wide"></main>`;
    const first = session.me ? html` <a href="/playlists/new">${t('shelf.first')}</a>` : nothing;
    const empty = html`${t(`shelf.none-${name}`)}${['mine', 'hot', 'new'].includes(name) ? first : html` <a href="/playlists">${t('shelf.look')}</a>`}`;
    return html`
      <main class="page wide">
        <div class="page-head playlists-head">
          <h1 tabindex="-1">${t('shelf.title')}</h1>
          <span class="row">
            <a class="button" href="/dig">${icon('dig')}${t('dig.go')}</a>
            ${session.me ? html`<a class="button accent" href="/playlists/new">${icon('plus')}${t('shelf.new-one')}</a>` : nothing}
          </span>
        </div>
        ${tabs(t('shelf.kinds'), KINDS.filter(({ members }) => !members || session.me).map((kind) => ({ href: addressOf(kind.name), word: t(`shelf.${kind.name}`) })), addressOf(name))}
        <mc-playlists .path=${path()} .query=${query} .label=${t(`shelf.${name}`)} .empty=${empty}></mc-playlists>
      </main>
    `;
  }
}

customElements.define('mc-playlists-page', Playlists);
