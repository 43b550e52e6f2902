// Whom the host keeps out of a room, and letting them back in.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { ago } from '../people/ago.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { personRow } from '../ui/person.js';
import { toast } from '../ui/toasts.js';
import { letBack } from './asks.js';

/** @import { Somebody } from '../ui/person.js' */
/** @typedef {{id: string, user: Somebody, since: string}} Banned */

class Bans extends Element {
  static properties = { room: {} };

  /** @type {Listing<Banned> | null} */
  #listing = null;

  constructor() {
    super();
    this.room = '';
    watch(this, language);
  }

  willUpdate() {
    if (this.#listing || !this.room) return;
    this.#listing = new Listing(`/rooms/${this.room}/bans`, {}, (row) => ({ ...row, id: row.user.id }));
    watch(this, this.#listing);
  }

  /** @param {Banned} one */
  async #letBack({ id, user }) {
    const before = this.#listing?.value.items ?? [];
    this.#listing?.remove(id);
    try {
      await letBack(this.room, id);
      announce(t('rooms.let-back-said', { name: user.nickname }));
    } catch (error) {
      const why = refusal(error);
      if (why.status !== 404) this.#listing?.set({ items: before });
      toast(explain(why), { tone: 'warn' });
    }
    await this.updateComplete;
    if (document.activeElement === document.body) this.querySelector('h2')?.focus();
  }

  /** @param {Banned} one */
  #row(one) {
    const button = html`<button type="button" class="button" @click=${() => this.#letBack(one)}>${icon('door')}${t('rooms.let-back')}<span class="unseen">&nbsp;${one.user.nickname}</span></button>`;
    return personRow(one.user, { note: t('rooms.out-since', { ago: ago(one.since) }), actions: button });
  }

  render() {
    if (!this.#listing) return html``;
    return html`
      <section class="section" aria-labelledby="bans">
        <h2 id="bans" tabindex="-1">${t('rooms.bans')}</h2>
        <p class="small">${t('rooms.bans-why')}</p>
        ${list(this.#listing, (one) => this.#row(one), { label: t('rooms.bans'), empty: t('rooms.no-bans'), icon: 'lock' })}
      </section>
    `;
  }
}

customElements.define('mc-bans', Bans);
