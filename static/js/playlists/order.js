// The songs of a playlist of one's own: put in another order by dragging or with two buttons, taken out and put back. Each change
// is sent at once, one after the other.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, repeat } from '../lit.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { nothingHere } from '../ui/list.js';
import { toast } from '../ui/toasts.js';
import { inWords } from './asks.js';
import { follow } from './dragging.js';
import { songWords } from './song-row.js';
import { addSongs, moveSong, removeSong } from './songs.js';

/** @import { Entry } from './asks.js' */

/**
 * @param {Entry[]} entries
 * @param {number} from
 * @param {number} to
 */
function moved(entries, from, to) {
  const now = [...entries];
  now.splice(to, 0, ...now.splice(from, 1));
  return now;
}

/** Events: `entries` (detail: all of them now), `touched` when the server has changed something, `stale` when it did not agree. */
class SongOrder extends Element {
  static properties = { playlist: {}, entries: {}, dragged: { state: true } };

  /** What is sent waits for what was sent before. @type {Promise<unknown>} */
  #sent = Promise.resolve();

  constructor() {
    super();
    /** Its identifier. */
    this.playlist = '';
    /** @type {Entry[]} */
    this.entries = [];
    /** The entry that is being dragged. */
    this.dragged = '';
    watch(this, language);
  }

  /** @param {Entry[]} entries */
  #tell(entries) {
    this.entries = entries;
    this.dispatchEvent(new CustomEvent('entries', { detail: entries }));
  }

  /** @param {() => Promise<unknown>} act */
  #send(act) {
    const turn = this.#sent.then(async () => {
      try {
        await act();
        this.dispatchEvent(new CustomEvent('touched'));
      } catch (error) {
        toast(explain(refusal(error)), { tone: 'warn' });
        this.dispatchEvent(new CustomEvent('stale'));
      }
    });
    this.#sent = turn;
    return turn;
  }

  /** @param {Entry} entry that stands where it shall stay */
  #keep(entry) {
    const at = this.entries.indexOf(entry);
    const after = this.entries[at - 1]?.id ?? null;
    announce(t('order.moved', { name: inWords(entry.song.title), nth: at + 1, of: this.entries.length }));
    return this.#send(() => moveSong(this.playlist, entry.id, after));
  }

  /**
   * @param {Entry} entry
   * @param {1 | -1} by
   */
  async #step(entry, by) {
    const from = this.entries.indexOf(entry);
    const to = from + by;
    if (to < 0 || to >= this.entries.length) return;
    this.#tell(moved(this.entries, from, to));
    this.#keep(entry);
    await this.updateComplete;
    // With the song, on the same button, or on its neighbor where the way ends.
    const buttons = [...this.querySelectorAll(`[data-entry="${entry.id}"] .song-step`)];
    const wanted = /** @type {HTMLButtonElement | undefined} */ (buttons[by < 0 ? 0 : 1]);
    /** @type {HTMLElement | undefined} */ (wanted?.disabled ? buttons[by < 0 ? 1 : 0] : wanted)?.focus();
  }

  /**
   * @param {PointerEvent} event
   * @param {Entry} entry
   */
  #drag(event, entry) {
    const list = this.querySelector('ol');
    if (!list) return;
    const before = this.entries;
    this.dragged = entry.id;
    follow(event, {
      list,
      from: before.indexOf(entry),
      move: (from, to) => this.#tell(moved(this.entries, from, to)),
      drop: (to) => {
        this.dragged = '';
        if (before.indexOf(entry) !== to) this.#keep(entry);
      },
      cancel: () => {
        this.dragged = '';
        this.#tell(before);
      },
    });
  }

  /** @param {Entry} entry */
  async #remove(entry) {
    const at = this.entries.indexOf(entry);
    const name = inWords(entry.song.title);
    const after = this.entries[at - 1]?.id ?? null;
    this.#tell(this.entries.filter((one) => one !== entry));
    toast(t('order.removed', { name }), { action: { word: t('undo'), act: () => this.#restore(entry, after) } });
    this.#send(() => removeSong(this.playlist, entry.id));
    await this.updateComplete;
    const rows = this.querySelectorAll('.song-remove');
    /** @type {HTMLElement | undefined} */ (rows[Math.min(at, rows.length - 1)] ?? this.querySelector('h2'))?.focus();
  }

  /**
   * @param {Entry} entry
   * @param {string | null} after where it stood
   */
  #restore(entry, after) {
    return this.#send(async () => {
      const [added] = await addSongs(this.playlist, [entry.song.id]);
      if (!added?.entry) return;
      const fresh = { ...entry, id: added.entry };
      const behind = this.entries.findIndex(({ id }) => id === after);
      const place = after && behind < 0 ? this.entries.length : behind + 1;
      if (place < this.entries.length) await moveSong(this.playlist, fresh.id, this.entries[place - 1]?.id ?? null);
      this.#tell([...this.entries.slice(0, place), fresh, ...this.entries.slice(place)]);
      announce(t('order.restored', { name: inWords(entry.song.title) }));
    });
  }

  /**
   * @param {Entry} entry
   * @param {number} index
   */
  #row(entry, index) {
    const name = inWords(entry.song.title);
    const of = this.entries.length;
    const button = (/** @type {string} */ look, /** @type {string} */ picture, /** @type {string} */ word, /** @type {() => unknown} */ act, off = false) =>
      html`<button type="button" class="button quiet round ${look}" aria-label=${word} title=${word} ?disabled=${off} @click=${act}>${icon(picture)}</button>`;
    return html`
      <li class="song" data-entry=${entry.id} ?data-dragged=${this.dragged === entry.id}>
        <span class="song-handle" title=${t('order.drag')} @pointerdown=${(/** @type {PointerEvent} */ event) => this.#drag(event, entry)}>${icon('grip')}</span>
        <span class="song-nth" aria-hidden="true">${index + 1}</span>
        ${songWords(entry.song)}
        <span class="song-actions">
          ${button('song-step', 'up', t('order.up', { name }), () => this.#step(entry, -1), index === 0)}
          ${button('song-step', 'down', t('order.down', { name }), () => this.#step(entry, 1), index === of - 1)}
          ${button('song-remove', 'discard', t('order.remove', { name }), () => this.#remove(entry))}
        </span>
      </li>
    `;
  }

  render() {
    return html`
      <h2 tabindex="-1">${t('order.title')} <span class="tab-badge">${this.entries.length || ''}</span></h2>
      ${this.entries.length
        ? html`<p class="small">${t('order.hint')}</p>
            <ol class="songs ordering" aria-label=${t('order.title')}>${repeat(this.entries, ({ id }) => id, (entry, index) => this.#row(entry, index))}</ol>`
        : nothingHere(t('order.none'), 'music')}
    `;
  }
}

customElements.define('mc-song-order', SongOrder);
