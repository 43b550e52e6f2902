// Rooms where somebody is right now, and one's own.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { report } from '../posts/report.js';
import { tagOf } from '../posts/tag-field.js';
import { deleteRoom } from '../rooms/asks.js';
import { roomCard, roomName } from '../rooms/card.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { confirmed } from '../ui/confirm.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { tabs } from '../ui/tabs.js';
import { toast } from '../ui/toasts.js';

/** @import { Room } from '../rooms/asks.js' */

/** People come and go: as long as somebody looks, the list is looked up again. */
const AGAIN_MS = 15_000;

class Rooms extends Page {
  #timer = 0;

  constructor() {
    super();
    this.mine = this.query.get('show') === 'mine' && session.me !== null;
    this.tag = tagOf(this.query.get('tag') ?? '');
    /** @type {Listing<Room>} */
    this.listing = new Listing('/rooms', { mine: this.mine ? 'true' : undefined, tag: this.tag || undefined });
    watch(this, this.listing);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#timer = window.setInterval(() => {
      // Not under somebody who has scrolled on: the first rows are those that change.
      if (document.visibilityState === 'visible' && this.listing.value.state === 'ready' && window.scrollY < innerHeight) this.listing.reload();
    }, AGAIN_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  /** @param {Room} room */
  async #delete(room) {
    const name = roomName(room);
    const points = [t('rooms.delete-ends'), t('rooms.delete-gone')];
    if (!(await confirmed({ title: t('rooms.delete-sure', { name }), points, action: t('rooms.delete'), danger: true }))) return;
    const before = this.listing.value.items;
    this.listing.remove(room.id);
    try {
      await deleteRoom(room.id);
      announce(t('rooms.deleted', { name }));
    } catch (error) {
      const why = refusal(error);
      if (why.status !== 404) this.listing.set({ items: before });
      toast(explain(why), { tone: 'warn' });
    }
    await this.updateComplete;
    if (document.activeElement === document.body) this.querySelector('h1')?.focus();
  }

  /** @param {Room} room */
  #card(room) {
    if (!room.yours) return roomCard(room, session.me ? [{ word: t('room.report'), icon: 'flag', act: () => report('room', room.id) }] : []);
    return roomCard(room, [
      { word: t('rooms.change'), icon: 'pencil', href: `/rooms/${room.id}/edit` },
      { word: t('rooms.delete'), icon: 'discard', act: () => this.#delete(room) },
    ]);
  }

  /** @param {boolean} mine */
  #address(mine) {
    const query = new URLSearchParams({ ...(mine ? { show: 'mine' } : {}), ...(this.tag ? { tag: this.tag } : {}) });
    return query.size ? `/rooms?${query}` : '/rooms';
  }

  render() {
    this.named(t('rooms.title'));
    const make = html` <a href="/rooms/new">${t('rooms.first')}</a>`;
    return html`
      <main class="page">
        <div class="page-head">
          <h1 tabindex="-1">${t('rooms.title')}</h1>
          ${session.me ? html`<a class="button accent" href="/rooms/new">${icon('plus')}${t('rooms.new')}</a>` : ''}
        </div>
        ${session.me
          ? tabs(t('rooms.title'), [{ href: this.#address(false), word: t('rooms.live') }, { href: this.#address(true), word: t('rooms.mine') }], this.#address(this.mine))
          : ''}
        ${this.tag
          ? html`<p class="row"><span>${t('rooms.with-tag')}</span><a class="chip" href=${this.mine ? '/rooms?show=mine' : '/rooms'}><span>#${this.tag}</span>${icon('close')}<span class="unseen">${t('rooms.any-tag')}</span></a></p>`
          : nothing}
        ${list(this.listing, (room) => this.#card(room), {
          label: t(this.mine ? 'rooms.mine' : 'rooms.live'),
          empty: html`${this.tag ? t('rooms.none-tag', { tag: this.tag }) : t(this.mine ? 'rooms.none-mine' : 'rooms.none')}${session.me ? make : ''}`,
          icon: 'door',
          look: 'rooms',
        })}
      </main>
    `;
  }
}

customElements.define('mc-rooms', Rooms);
