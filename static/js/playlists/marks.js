// What anybody can do with a playlist besides hearing it: like it, keep it, send it on. Likes and bookmarks change at once, and
// back with a word if the server did not agree.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { figure } from '../posts/figure.js';
import { go, loginAddress } from '../router.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toasts.js';
import { changes, markPlaylist, playlistAt } from './asks.js';

/** @import { Playlist } from './asks.js' */

class PlaylistMarks extends Element {
  static properties = { playlist: {} };

  #pending = new Set();

  constructor() {
    super();
    this.playlist = /** @type {Playlist} */ ({});
    watch(this, language);
    watch(this, session);
  }

  /** @param {'like' | 'bookmark'} mark */
  async #turn(mark) {
    if (!session.me) return go(loginAddress());
    if (this.#pending.has(mark)) return;
    this.#pending.add(mark);
    const on = !(mark === 'like' ? this.playlist.liked : this.playlist.bookmarked);
    this.#show(mark, on);
    try {
      await markPlaylist(this.playlist.id, mark, on);
      announce(t(`playlist.say-${mark}-${on ? 'on' : 'off'}`));
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
    const { id, like_count: likes } = this.playlist;
    /** @type {Partial<Playlist>} */
    const patch = mark === 'like' ? { liked: on, like_count: Math.max(0, likes + (on ? 1 : -1)) } : { bookmarked: on };
    this.playlist = { ...this.playlist, ...patch };
    changes.tell(id, patch);
  }

  async #share() {
    const url = new URL(playlistAt(this.playlist.id), location.href).href;
    // A phone has a sheet for it; a desktop's clipboard is quicker than its sheet.
    if ('share' in navigator && matchMedia('(pointer: coarse)').matches) {
      await navigator.share({ title: this.playlist.title, url }).catch(() => {});
      return;
    }
    try {
      await navigator.clipboard.writeText(url);
      toast(t('playlist.copied'));
    } catch {
      toast(t('playlist.copy-failed', { url }), { tone: 'warn' });
    }
  }

  render() {
    const { liked, bookmarked, like_count: likes } = this.playlist;
    return html`
      <button type="button" class="mark" aria-pressed=${liked} title=${t(liked ? 'playlist.unlike' : 'playlist.like')} @click=${() => this.#turn('like')}>
        ${icon('heart')}<span class="unseen">${t('playlist.like')}</span><span>${figure(likes)}</span>
      </button>
      ${session.me
        ? html`<button type="button" class="mark" aria-pressed=${bookmarked} aria-label=${t('playlist.bookmark')} title=${t(bookmarked ? 'playlist.unbookmark' : 'playlist.bookmark')} @click=${() => this.#turn('bookmark')}>${icon('bookmark')}</button>`
        : nothing}
      <button type="button" class="mark" aria-label=${t('playlist.share')} title=${t('playlist.share')} @click=${this.#share}>${icon('share')}</button>
    `;
  }
}

customElements.define('mc-playlist-marks', PlaylistMarks);
