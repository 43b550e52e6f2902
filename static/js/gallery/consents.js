// Beside a still that is to be posted: who is in it and what they say, looked up again while somebody has not said it yet.

import { announce } from '../call/announce.js';
import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { fetchStill } from './asks.js';
import { sitters } from './sitters.js';
import { whyNot } from './why.js';

/** @import { Still } from './asks.js' */

const AGAIN_MS = 5_000;

class Consents extends Element {
  static properties = { still: {}, found: { state: true } };

  #timer = 0;

  constructor() {
    super();
    /** The still's identifier. */
    this.still = '';
    /** @type {Still | null} */
    this.found = null;
    watch(this, language);
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#look);
    this.#look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#look);
    clearTimeout(this.#timer);
  }

  #look = async () => {
    clearTimeout(this.#timer);
    if (!this.still || document.visibilityState === 'hidden') return;
    // Without an answer the last one stands; the server has the last word when it is posted.
    const found = await fetchStill(this.still).catch(() => this.found);
    if (!this.isConnected) return;
    if (found?.postable && this.found?.postable === false) announce(t('still.all-agreed'));
    this.found = found;
    if (found && !found.postable) this.#timer = window.setTimeout(this.#look, AGAIN_MS);
  };

  render() {
    const { found } = this;
    if (!found) return nothing;
    return html`
      ${sitters(found)}
      <p class=${found.postable ? 'note' : 'note warn'}>${icon(found.postable ? 'check' : 'clock')}<span>${found.postable ? t('still.all-agreed') : whyNot(found)}</span></p>
    `;
  }
}

customElements.define('mc-consents', Consents);
