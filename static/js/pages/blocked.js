// Whom one has blocked: the only place where they are seen, and where it is taken back.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, t } from '../i18n.js';
import { html } from '../lit.js';
import { block, byPerson } from '../people/asks.js';
import { watch } from '../store.js';
import { Listing, list } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { face } from '../ui/person.js';
import { toast } from '../ui/toasts.js';

/** @import { Somebody } from '../ui/person.js' */
/** @typedef {{id: string, user: Somebody, since: string}} BlockedRow */

class Blocked extends Page {
  /** @type {Listing<BlockedRow>} */
  #listing = new Listing('/me/blocks', {}, byPerson);

  constructor() {
    super();
    watch(this, this.#listing);
  }

  /** @param {BlockedRow} row */
  async #unblock(row) {
    const before = this.#listing.value.items;
    this.#listing.remove(row.id);
    try {
      await block(row.id, false);
      announce(t('tie.say-unblocked', { name: row.user.nickname }));
      await this.updateComplete;
      if (document.activeElement === document.body) this.querySelector('h1')?.focus();
    } catch (error) {
      this.#listing.set({ items: before });
      toast(explain(refusal(error)), { tone: 'warn' });
    }
  }

  /** Their profile is closed to whoever blocked them, so no row leads there. @param {BlockedRow} row */
  #row(row) {
    const { user } = row;
    return html`
      <li class="row-person">
        <span class="row-person-link">${face(user)}<span class="row-person-name"><b>${user.nickname}</b><small>@${user.handle}</small></span></span>
        <span class="row-person-actions">
          <button class="button" @click=${() => this.#unblock(row)}>${t('tie.unblock')}<span class="unseen">&nbsp;${user.nickname}</span></button>
        </span>
      </li>
    `;
  }

  render() {
    this.named(t('blocked.title'));
    return html`
      <main class="page">
        <h1 tabindex="-1">${t('blocked.title')}</h1>
        <p class="lead">${t('blocked.lead')}</p>
        ${list(this.#listing, (row) => this.#row(row), { label: t('blocked.title'), empty: t('blocked.none'), icon: 'off' })}
      </main>
    `;
  }
}

customElements.define('mc-blocked', Blocked);
