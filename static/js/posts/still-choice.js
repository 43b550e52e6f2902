// Pictures of one's own calls, to be put into a post: those that somebody in them does not want to be shown say so.

import { announce } from '../call/announce.js';
import { whyNot } from '../gallery/why.js';
import { language, need, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { ago } from '../people/ago.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { chosenOf } from './draft.js';

/** @import { Still } from '../gallery/asks.js' */
/** @import { Chosen } from './draft.js' */

class StillChoice extends Element {
  static properties = { chosen: { state: true } };

  /** @type {Listing<Still>} */
  #listing = new Listing('/me/stills');

  constructor() {
    super();
    /** How many may be chosen. */
    this.most = 1;
    /** Those that are in the post already. @type {string[]} */
    this.taken = [];
    /** @type {Still[]} */
    this.chosen = [];
    /** @type {(chosen: Still[]) => void} */
    this.done = () => {};
    watch(this, this.#listing);
    watch(this, language);
  }

  firstUpdated() {
    const dialog = this.querySelector('dialog');
    dialog?.addEventListener('close', () => {
      this.done(dialog.returnValue === 'yes' ? this.chosen : []);
      this.remove();
    });
    dialog?.showModal();
  }

  /** @param {string} value */
  #close(value) {
    this.querySelector('dialog')?.close(value);
  }

  /** @param {Still} still */
  #turn(still) {
    if (this.chosen.some(({ id }) => id === still.id)) this.chosen = this.chosen.filter(({ id }) => id !== still.id);
    else if (this.chosen.length < this.most) this.chosen = [...this.chosen, still];
    else announce(t('write.stills-many', { most: this.most }));
  }

  /** @param {Still} still */
  #still(still) {
    const { id, webp, width, height, postable, room_title: room, created_at: at } = still;
    const taken = this.taken.includes(id);
    const chosen = this.chosen.some((one) => one.id === id);
    const why = taken ? t('write.still-taken') : postable ? '' : whyNot(still);
    const name = t('write.still-of', { room: room || t('still.a-call'), ago: ago(at) });
    return html`
      <li>
        <button type="button" class="still-pick" aria-pressed=${chosen} ?disabled=${Boolean(why)} aria-describedby=${`why-${id}`} @click=${() => this.#turn(still)}>
          <img src=${webp} width=${width} height=${height} alt=${name} loading="lazy" decoding="async" />
          ${chosen ? html`<span class="still-chosen">${icon('check')}</span>` : nothing}
        </button>
        <p class="small" id=${`why-${id}`}>${why || name}</p>
      </li>
    `;
  }

  render() {
    const count = this.chosen.length;
    return html`
      <dialog class="confirm still-choice" aria-labelledby="still-choice-title">
        <h2 id="still-choice-title">${t('write.from-gallery')}</h2>
        ${list(this.#listing, (still) => this.#still(still), { label: t('write.from-gallery'), empty: t('still.none'), icon: 'still', look: 'stills' })}
        <div class="row">
          <button type="button" class="button" @click=${() => this.#close('')}>${t('confirm.cancel')}</button>
          <button type="button" class="button accent" ?disabled=${!count} @click=${() => this.#close('yes')}>${count > 1 ? t('write.take-many', { count }) : t('write.take')}</button>
        </div>
      </dialog>
    `;
  }
}

customElements.define('mc-still-choice', StillChoice);

/**
 * @param {number} most how many may be chosen
 * @param {string[]} taken those that are in the post already
 * @returns {Promise<Chosen[]>} none by Escape
 */
export async function chooseStills(most, taken) {
  await need(['gallery']);
  const choice = new StillChoice();
  choice.most = most;
  choice.taken = taken;
  const chosen = new Promise((/** @type {(chosen: Still[]) => void} */ resolve) => (choice.done = resolve));
  document.body.append(choice);
  return (await chosen).map(chosenOf);
}
