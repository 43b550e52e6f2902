// The room's link: to read, to copy, to share, and as a QR code for the phone across the table.

import { announce } from '../call/announce.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { showRoom } from '../rooms/asks.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';
import './invites.js';
import { qr } from './qr.js';

/** @import { Room } from '../rooms/asks.js' */

class Invite extends CallElement {
  static properties = { ...CallElement.properties, copied: { state: true }, room: { state: true } };

  constructor() {
    super();
    this.copied = false;
    /** What is known of the room. @type {Room | null} */
    this.room = null;
  }

  firstUpdated() {
    showRoom(this.call.room).then((room) => (this.room = room)).catch(() => {});
  }

  /** Whether the link alone lets people in. */
  get closed() {
    return this.room !== null && ['friends', 'invite'].includes(this.room.visibility);
  }

  get link() {
    return `${location.origin}/room/${this.call.room}`;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.link);
    } catch {
      // Without the clipboard's permission the link is at least selected, ready for the keyboard.
      const field = this.querySelector('input');
      field?.select();
      if (!document.execCommand?.('copy')) return;
    }
    this.copied = true;
    announce(t('invite.copied'));
    setTimeout(() => (this.copied = false), 2_500);
  }

  #share() {
    navigator.share({ title: 'Moodcall', text: t('invite.text'), url: this.link }).catch(() => {});
  }

  render() {
    return html`
      <p class="small">${t(this.closed ? `invite.lead-${this.room?.visibility}` : this.room?.host ? 'invite.lead-stays' : 'invite.lead')}</p>
      ${qr(this.link)}
      <input class="field" readonly aria-label=${t('invite.link')} .value=${this.link} @focus=${(/** @type {Event} */ e) => /** @type {HTMLInputElement} */ (e.target).select()} />
      <div class="row">
        <button class="button accent" @click=${this.#copy}>${icon(this.copied ? 'check' : 'copy')}${t(this.copied ? 'invite.copied' : 'invite.copy')}</button>
        ${'share' in navigator ? html`<button class="button" @click=${this.#share}>${icon('link')}${t('invite.share')}</button>` : nothing}
      </div>
      ${this.room?.yours ? html`<mc-invites .room=${this.call.room} ?open=${this.closed}></mc-invites>` : nothing}
    `;
  }
}

customElements.define('mc-invite', Invite);
