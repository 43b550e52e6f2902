// Stills of this call, newest first. Those of somebody with an account lie in their gallery whatever becomes of them here.

import { announce } from '../call/announce.js';
import { t } from '../i18n.js';
import { deleteStill } from '../gallery/asks.js';
import { html, nothing, repeat } from '../lit.js';
import { session } from '../session.js';
import { rendered } from '../store.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';
import { deleteLater } from './later.js';
import { toast } from './toasts.js';

/** @import { Still } from '../call/state.js' */

/** Posts are written in a tab beside the call, always the same one: the call goes on. */
const POSTING = 'moodcall-post';

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

  /** Puts it away. What lies in a gallery stays there, unless one says otherwise. @param {Still} still */
  async #discard(still) {
    const { stills } = this.call;
    stills.discard(still.still);
    await rendered();
    if (document.activeElement === document.body) document.getElementById('take-still')?.focus();
    if (!session.me) return;
    const act = () => deleteLater(t('still.gone-too'), { act: () => deleteStill(still.still), back: () => stills.put(still) });
    toast(t('still.in-gallery'), { action: { word: t('still.delete-too'), act } });
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
                ${session.me
                  ? html`<a class="button quiet" href=${`/posts/new?still=${still.still}`} target=${POSTING} aria-describedby="still-post-why">${icon('plus')}${t('still.post-it')}</a>`
                  : nothing}
                <button class="button quiet round" aria-label=${t('still.link')} title=${t('still.link')} @click=${() => this.#copy(still)}>${icon('link')}</button>
                <button class="button quiet round" aria-label=${t('still.discard')} title=${t('still.discard')} @click=${() => this.#discard(still)}>${icon('discard')}</button>
              </figcaption>
            </figure>
          `,
        )}
        <p class="unseen" id="still-post-why">${t('still.post-why')}</p>
      </div>
    `;
  }
}

customElements.define('mc-tray', Tray);
