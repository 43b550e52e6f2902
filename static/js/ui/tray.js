// Stills of this call, newest first, until they are saved or discarded.

import { announce } from '../call/announce.js';
import { t } from '../i18n.js';
import { html, nothing, repeat } from '../lit.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';

/** @import { Still } from '../call/state.js' */

class Tray extends CallElement {
  /** @param {Still} still */
  async #copy(still) {
    try {
      await navigator.clipboard.writeText(new URL(still.png, location.href).href);
      announce(t('invite.copied'));
      this.call.moments.toast(t('still.link-copied'));
    } catch {
      this.call.moments.toast(t('still.link-failed'), 'warn');
    }
  }

  render() {
    const { stills, flash } = this.call.value;
    return html`
      ${flash ? repeat([flash], (n) => n, () => html`<div class="flash" aria-hidden="true"></div>`) : nothing}
      <div class="tray" role="group" aria-label=${t('still.tray')} ?hidden=${!stills.length}>
        ${repeat(
          stills,
          (still) => still.still,
          (still) => html`
            <figure class="card still">
              <a href=${still.png} target="_blank" rel="noopener" aria-label=${t('still.open')}>
                <img src=${still.webp} width=${still.width} height=${still.height} alt=${t('still.alt')} />
              </a>
              <figcaption class="row">
                <a class="button quiet" href=${still.png} download=${`moodcall-${still.still}.png`}>${icon('save')}${t('still.save')}</a>
                <button class="button quiet round" aria-label=${t('still.link')} title=${t('still.link')} @click=${() => this.#copy(still)}>${icon('link')}</button>
                <button class="button quiet round" aria-label=${t('still.discard')} title=${t('still.discard')} @click=${() => this.call.stills.discard(still.still)}>${icon('discard')}</button>
              </figcaption>
            </figure>
          `,
        )}
      </div>
    `;
  }
}

customElements.define('mc-tray', Tray);
