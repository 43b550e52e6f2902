// The room's link: to read, to copy, to share, and as a QR code for the phone across the table.

import qrcode from '/vendor/qrcode-generator/dist/qrcode.mjs';
import { announce } from '../call/announce.js';
import { t } from '../i18n.js';
import { html, nothing, svg } from '../lit.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';

const QUIET_ZONE = 3;

/** @param {string} text */
function qr(text) {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  let path = '';
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (code.isDark(row, column)) path += `M${column},${row}h1v1h-1z`;
    }
  }
  const side = size + 2 * QUIET_ZONE;
  return html`
    <svg class="qr" role="img" aria-label=${t('invite.qr')} viewBox=${`${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`}>
      ${svg`<path d=${path} shape-rendering="crispEdges" />`}
    </svg>
  `;
}

class Invite extends CallElement {
  static properties = { copied: { state: true } };

  constructor() {
    super();
    this.copied = false;
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
      <p class="small">${t('invite.lead')}</p>
      ${qr(this.link)}
      <input class="field" readonly aria-label=${t('invite.link')} .value=${this.link} @focus=${(/** @type {Event} */ e) => /** @type {HTMLInputElement} */ (e.target).select()} />
      <div class="row">
        <button class="button accent" @click=${this.#copy}>${icon(this.copied ? 'check' : 'copy')}${t(this.copied ? 'invite.copied' : 'invite.copy')}</button>
        ${'share' in navigator ? html`<button class="button" @click=${this.#share}>${icon('link')}${t('invite.share')}</button>` : nothing}
      </div>
    `;
  }
}

customElements.define('mc-invite', Invite);
