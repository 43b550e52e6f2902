// Digging: songs in no order, five at a time, each once, for as long as one scrolls. What plays goes on into what comes next.

import { announce } from '../call/announce.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { player } from '../player/player.js';
import { addButton } from '../playlists/adding.js';
import { songRow } from '../playlists/song-row.js';
import { rendered, watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { Page } from '../ui/page.js';

/** @import { Song } from '../playlists/asks.js' */

const AT_A_TIME = 5;
/** By what the player knows that it plays from here. */
const ORIGIN = 'dig';

class Dig extends Page {
  static properties = { ...Page.properties, listing: { state: true } };

  constructor() {
    super();
    this.listing = this.#begin();
    watch(this, player);
  }

  connectedCallback() {
    super.connectedCallback();
    player.addEventListener('change', this.#goOn);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    player.removeEventListener('change', this.#goOn);
  }

  /** The server goes once around all songs, beginning anywhere: none comes twice. */
  #begin() {
    /** @type {Listing<Song>} */
    const listing = new Listing('/songs/random', { count: AT_A_TIME, limit: undefined });
    listing.addEventListener('change', () => {
      if (listing === this.listing) this.#goOn();
      this.requestUpdate();
    });
    return listing;
  }

  /** What was dug up meanwhile stands behind what plays; and before the last of it is over, there is more. */
  #goOn = () => {
    const { origin, queue, index } = player.value;
    const { items } = this.listing.value;
    if (origin.id !== ORIGIN || queue[0]?.id !== items[0]?.id) return;
    if (items.length > queue.length) player.set({ queue: [...items] });
    else if (index >= queue.length - 1) this.listing.next();
  };

  /** @param {Song} song */
  #play(song) {
    if (player.isOn(song.id, ORIGIN)) return player.toggle();
    const { items } = this.listing.value;
    player.play(items, items.findIndex(({ id }) => id === song.id), { origin: { id: ORIGIN, title: t('dig.title'), href: '/dig' } });
  }

  async #again() {
    this.listing = this.#begin();
    announce(t('dig.begun'));
    await rendered();
    window.scrollTo(0, 0);
    this.querySelector('h1')?.focus();
  }

  /** @param {Song} song */
  #row(song) {
    const plays = player.isOn(song.id, ORIGIN) && player.value.playing;
    return html`
      <li class="song dug" data-aura=${song.moods[0] ?? nothing} data-song=${song.id} aria-current=${plays ? 'true' : 'false'}>
        ${songRow(song, { plays, play: () => this.#play(song), actions: addButton(song) })}
      </li>
    `;
  }

  render() {
    this.named(t('dig.title'));
    const { items, state, more } = this.listing.value;
    const over = state === 'ready' && !more && items.length > 0;
    return html`
      <main class="page">
        <p><a class="back" href="/playlists">${t('shelf.title')}</a></p>
        <h1 tabindex="-1">${t('dig.title')}</h1>
        <p class="lead">${t('dig.lead')}</p>
        ${list(this.listing, (song) => this.#row(song), { label: t('dig.title'), empty: t('dig.none'), icon: 'music', look: 'songs' })}
        ${over
          ? html`<div class="state empty-state" role="status">
              <span class="emblem">${icon('music')}</span>
              <p>${t('dig.over')}</p>
              <button type="button" class="button accent" @click=${this.#again}>${icon('undo')}${t('dig.again')}</button>
            </div>`
          : nothing}
      </main>
    `;
  }
}

customElements.define('mc-dig', Dig);
