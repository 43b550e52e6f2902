// Everything that carries a tag, newest first: posts, playlists, and rooms that one may know of.

import { refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { changes } from '../posts/asks.js';
import { postCard } from '../posts/card.js';
import { playlistAt } from '../playlists/asks.js';
import { cover, songCount } from '../playlists/parts.js';
import { foundRoom } from '../rooms/found.js';
import { session } from '../session.js';
import { deleteTag } from '../staff/asks.js';
import { watch } from '../store.js';
import { confirmed } from '../ui/confirm.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import '../ui/menu.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toasts.js';

/** @typedef {{id: string, kind: string} & Record<string, any>} Item */

/** @param {import('../playlists/asks.js').Playlist} playlist */
const foundPlaylist = (playlist) => html`
  <li>
    <a class="row-tag" href=${playlistAt(playlist.id)}>
      ${cover(playlist)}
      <span class="row-person-name"><b>${playlist.title}</b><small>${playlist.owner.nickname} · ${songCount(playlist.song_count)}</small></span>
    </a>
  </li>
`;

class TagPage extends Page {
  /** @type {Listing<Item> | null} */
  #listing = null;

  get tag() {
    return this.params.name ?? '';
  }

  willUpdate() {
    if (this.#listing) return;
    // A kind is the name of what it holds.
    this.#listing = new Listing(`/tags/${encodeURIComponent(this.tag)}/items`, {}, (item) => ({ ...item[item.kind], kind: item.kind }));
    changes.follow(/** @type {Listing<any>} */ (this.#listing));
    watch(this, this.#listing);
  }

  /** @param {Item} item */
  #item(item) {
    if (item.kind === 'post') return postCard(/** @type {any} */ (item));
    if (item.kind === 'playlist') return foundPlaylist(/** @type {any} */ (item));
    if (item.kind === 'room') return foundRoom(/** @type {any} */ (item));
    return nothing;
  }

  async #delete() {
    const { tag } = this;
    const points = [t('tag.delete-everywhere'), t('tag.delete-again')];
    if (!(await confirmed({ title: t('tag.delete-sure', { tag }), points, action: t('tag.delete'), danger: true }))) return;
    try {
      await deleteTag(tag);
      toast(t('tag.deleted', { tag }));
      this.#listing?.reload();
    } catch (error) {
      toast(explain(refusal(error)), { tone: 'warn' });
    }
  }

  render() {
    const { tag } = this;
    this.named(`#${tag}`);
    if (!this.#listing) return nothing;
    const write = html` <a href=${`/posts/new?tag=${encodeURIComponent(tag)}`}>${t('tag.first')}</a>`;
    return html`
      <main class="page">
        <div class="page-head">
          <h1 tabindex="-1" class="tag-title">#${tag}</h1>
          ${session.me ? html`<a class="button" href=${`/posts/new?tag=${encodeURIComponent(tag)}`}>${icon('plus')}${t('feed.new')}</a>` : nothing}
          ${session.me?.staff ? html`<mc-menu .label=${t('tag.more', { tag })} .choices=${[{ word: t('tag.delete'), icon: 'discard', act: () => this.#delete() }]}></mc-menu>` : nothing}
        </div>
        ${list(this.#listing, (item) => this.#item(item), {
          label: t('tag.items', { tag }),
          empty: html`${t('tag.none', { tag })}${session.me ? write : nothing}`,
          icon: 'tag',
          look: 'posts',
        })}
      </main>
    `;
  }
}

customElements.define('mc-tag', TagPage);
