// Invitations into one's own room: made, shown once with their QR code, listed, and taken back.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { ago } from '../people/ago.js';
import { invite, revoke } from '../rooms/asks.js';
import { watch } from '../store.js';
import { icon } from './icons.js';
import { Listing, list } from './list.js';
import { qr } from './qr.js';

/** @import { Invite } from '../rooms/asks.js' */

const HOURS = [1, 24, 168, 720];
const USES = [0, 1, 5, 20];

class Invites extends Element {
  static properties = { room: {}, open: { type: Boolean }, link: { state: true }, copied: { state: true }, pending: { state: true }, trouble: { state: true } };

  /** @type {Listing<Invite> | null} */
  #listing = null;
  #hours = 168;
  #uses = 0;

  constructor() {
    super();
    this.room = '';
    /** Whether it is shown unfolded at first. */
    this.open = false;
    /** The one that was just made: its link is shown only now. */
    this.link = '';
    this.copied = false;
    this.pending = false;
    this.trouble = '';
    watch(this, language);
  }

  #invites() {
    if (this.#listing) return this.#listing;
    this.#listing = new Listing(`/rooms/${this.room}/invites`);
    watch(this, this.#listing);
    this.#listing.addEventListener('change', () => this.requestUpdate());
    return this.#listing;
  }

  async #make() {
    if (this.pending) return;
    this.pending = true;
    this.trouble = '';
    this.copied = false;
    try {
      const made = await invite(this.room, { hours: this.#hours, max_uses: this.#uses });
      this.link = made.link;
      this.#invites().add(made.invite);
      announce(t('invite.made'));
      await this.updateComplete;
      this.querySelector('input')?.focus();
    } catch (error) {
      this.trouble = explain(refusal(error));
    } finally {
      this.pending = false;
    }
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.link);
    } catch {
      this.querySelector('input')?.select();
      return;
    }
    this.copied = true;
    announce(t('invite.copied'));
  }

  /** @param {Invite} one */
  async #revoke(one) {
    const listing = this.#invites();
    const before = listing.value.items;
    listing.remove(one.id);
    try {
      await revoke(this.room, one.id);
      announce(t('invite.revoked'));
    } catch (error) {
      const why = refusal(error);
      if (why.status !== 404) listing.set({ items: before });
      this.trouble = explain(why);
    }
    await this.updateComplete;
    if (document.activeElement === document.body) this.querySelector('summary')?.focus();
  }

  /** @param {Invite} one */
  #row(one) {
    const { max_uses: most, uses, created_at: at, expires_at: ends } = one;
    const left = Math.max(1, Math.round((Date.parse(ends) - Date.now()) / 3_600_000));
    return html`
      <li>
        <span class="small">${ago(at)} · ${most ? t('invite.used-of', { uses, most }) : t('invite.used', { uses })} · ${t('invite.hours-left', { count: left })}</span>
        <button type="button" class="button quiet" @click=${() => this.#revoke(one)}>${t('invite.revoke')}</button>
      </li>
    `;
  }

  /**
   * @param {string} label
   * @param {{value: number, word: string}[]} options
   * @param {number} chosen
   * @param {(value: number) => void} choose
   */
  #select = (label, options, chosen, choose) => html`
    <label class="labelled">
      <span>${label}</span>
      <select class="field" @change=${(/** @type {Event} */ event) => choose(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
        ${options.map(({ value, word }) => html`<option value=${value} ?selected=${value === chosen}>${word}</option>`)}
      </select>
    </label>
  `;

  render() {
    const listing = this.#invites();
    return html`
      <details class="invites" ?open=${this.open}>
        <summary class="button">${icon('mail')}${t('invite.invitations')}</summary>
        ${this.#select(t('invite.for-how-long'), HOURS.map((value) => ({ value, word: t(`invite.hours-${value}`) })), this.#hours, (value) => (this.#hours = value))}
        ${this.#select(t('invite.how-often'), USES.map((value) => ({ value, word: t(`invite.uses-${value}`) })), this.#uses, (value) => (this.#uses = value))}
        <button type="button" class="button accent" ?disabled=${this.pending} @click=${this.#make}>${icon('plus')}${t('invite.make')}</button>
        <div role="alert">${this.trouble ? html`<p class="note warn">${icon('warn')}<span>${this.trouble}</span></p>` : nothing}</div>
        ${this.link
          ? html`
              <p class="small">${t('invite.only-now')}</p>
              ${qr(this.link)}
              <input class="field" readonly aria-label=${t('invite.invitation')} .value=${this.link} @focus=${(/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select()} />
              <button type="button" class="button" @click=${this.#copy}>${icon(this.copied ? 'check' : 'copy')}${t(this.copied ? 'invite.copied' : 'invite.copy')}</button>
            `
          : nothing}
        ${list(listing, (one) => this.#row(one), { label: t('invite.invitations'), empty: t('invite.none'), icon: 'mail' })}
      </details>
    `;
  }
}

customElements.define('mc-invites', Invites);
