// Alone in the room: not an empty grid, but the way for somebody to come.

import { t } from '../i18n.js';
import { html } from '../lit.js';
import { CallElement } from './element.js';
import './invite.js';

class Waiting extends CallElement {
  render() {
    return html`
      <section class="waiting">
        <h2>${t('waiting.headline')}</h2>
        <mc-invite .call=${this.call}></mc-invite>
      </section>
    `;
  }
}

customElements.define('mc-waiting', Waiting);
