// The songs of a playlist, twenty at a time: each can be heard and put into a playlist of one's own.

import { language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { watch } from '../store.js';
import { Listing, list } from '../ui/list.js';
import { playlistAt } from './asks.js';
import { addButton } from './adding.js';
import { player } from '../player/player.js';
import { playFrom } from './playing.js';
import { songRow } from './song-row.js';

/** @import { Entry, FullPlaylist, Slice, Song } from './asks.js' */

export class TrackList extends Element {
  static properties = { playlist: {}, first: {} };

  /** @type {Listing<Entry> | null} */
  #listing = null;

  constructor() {
    super();
    this.playlist = /** @type {FullPlaylist} */ ({});
    /** The songs that came with it. @type {Slice<Entry>} */
    this.first = { items: [], next_cursor: null };
    watch(this, language);
    watch(this, player);
  }

  /** Those that are loaded, in order. @returns {Song[]} */
  get songs() {
    return this.#listing?.value.items.map(({ song }) => song) ?? [];
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('first') || !this.playlist.id) return;
    this.#listing = new Listing(`/playlists/${this.playlist.id}/songs`, {}, undefined, this.first);
    watch(this, this.#listing);
  }

  /**
   * @param {Entry} entry
   * @param {number} index
   */
  #row({ song }, index) {
    const plays = player.isOn(song.id, this.playlist.id) && player.value.playing;
    // Pressed again, the one that plays is paused.
    const play = () => (player.isOn(song.id, this.playlist.id) ? player.toggle() : playFrom(this.songs, index, this.playlist));
    return html`<li class="song" aria-current=${plays ? 'true' : 'false'}>${songRow(song, { nth: index + 1, plays, play, actions: addButton(song) })}</li>`;
  }

  render() {
    if (!this.#listing) return html``;
    const { title, is_own: own, id } = this.playlist;
    const places = new Map(this.#listing.value.items.map((entry, index) => [entry.id, index]));
    return list(this.#listing, (entry) => this.#row(entry, places.get(entry.id) ?? 0), {
      label: t('playlist.songs-of', { title }),
      empty: own ? html`${t('playlist.no-songs-own')} <a href=${`${playlistAt(id)}/edit`}>${t('playlist.add-songs')}</a>` : t('playlist.no-songs'),
      icon: 'music',
      look: 'songs',
    });
  }
}

customElements.define('mc-track-list', TrackList);
