// Rings a friend.

import { language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { rings } from './ringing.js';

/** @import { Somebody } from '../ui/person.js' */

class CallButton extends Element {
  static properties = { person: {}, look: {} };

  constructor() {
    super();
    this.person = /** @type {Somebody} */ ({});
    this.look = '';
    watch(this, language);
    watch(this, rings);
  }

  render() {
    return html`
      <button type="button" class=${`button ${this.look}`} ?disabled=${rings.value.pending} @click=${() => rings.call(this.person)}>
        ${icon('phone')}<span>${t('call-friend')}</span><span class="unseen">&nbsp;${this.person.nickname}</span>
      </button>
    `;
  }
}

customElements.define('mc-call-button', CallButton);
