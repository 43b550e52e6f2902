// Pictures of one's calls; and those that others took with oneself in them, to say whether they may be shown.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { consentTo, deleteStill } from '../gallery/asks.js';
import { stillCard } from '../gallery/card.js';
import { whyNot } from '../gallery/why.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { notices } from '../notices/notices.js';
import { go } from '../router.js';
import { rendered, watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { deleteLater } from '../ui/later.js';
import { Listing, list } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { tabs } from '../ui/tabs.js';
import { toast } from '../ui/toasts.js';

/** @import { Still } from '../gallery/asks.js' */

/** Addresses of pictures are good for a few minutes; so old a list is looked up anew when somebody comes back to it. */
const FRESH_MS = 120_000;

class Gallery extends Page {
  /** @type {Listing<Still>} */
  #mine = new Listing('/me/stills');
  /** @type {Listing<Still>} */
  #asked = new Listing('/me/still-requests');
  #since = Date.now();

  constructor() {
    super();
    this.asked = this.query.get('show') === 'asked';
    watch(this, this.#mine);
    watch(this, this.#asked);
  }

  connectedCallback() {
    super.connectedCallback();
    notices.addEventListener('arrived', this.#heard);
    document.addEventListener('visibilitychange', this.#seen);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    notices.removeEventListener('arrived', this.#heard);
    document.removeEventListener('visibilitychange', this.#seen);
  }

  #heard = (/** @type {Event} */ event) => {
    if (/** @type {CustomEvent} */ (event).detail.kind === 'still-asked') this.#asked.reload();
  };

  #seen = () => {
    if (document.visibilityState === 'hidden' || Date.now() - this.#since < FRESH_MS) return;
    this.#since = Date.now();
    this.#mine.reload();
    this.#asked.reload();
  };

  /** @param {Still} still */
  #delete(still) {
    const before = this.#mine.value.items;
    this.#mine.remove(still.id);
    deleteLater(t('still.deleted'), {
      act: () => deleteStill(still.id),
      back: () => this.#mine.set({ items: before.filter((one) => one.id === still.id || this.#mine.value.items.some(({ id }) => id === one.id)) }),
    });
    this.#keepFocus();
  }

  async #keepFocus() {
    await rendered();
    if (document.activeElement === document.body) this.querySelector('h1')?.focus();
  }

  /**
   * @param {Still} still
   * @param {boolean} given
   */
  async #consent(still, given) {
    const before = still.consent;
    this.#asked.change(still.id, { consent: given ? 'given' : 'refused' });
    try {
      this.#asked.change(still.id, await consentTo(still.id, given));
      announce(t(given ? 'still.say-given' : 'still.say-refused'));
    } catch (error) {
      this.#asked.change(still.id, { consent: before });
      toast(explain(refusal(error)), { tone: 'warn' });
    }
  }

  /** @param {Still} still */
  #own(still) {
    return stillCard(
      still,
      html`
        ${still.postable
          ? html`<button type="button" class="button accent" @click=${() => go(`/posts/new?still=${still.id}`)}>${icon('plus')}${t('still.post')}</button>`
          : html`<p class="small">${whyNot(still)}</p>`}
        <a class="button" href=${still.png} download=${`moodcall-${still.id}.png`}>${icon('save')}${t('still.save')}</a>
        <button type="button" class="button quiet" @click=${() => this.#delete(still)}>${icon('discard')}${t('still.delete')}</button>
      `,
    );
  }

  /** @param {Still} still */
  #request(still) {
    const { consent } = still;
    return stillCard(
      still,
      html`
        <p class="still-question">${t(consent === 'pending' ? 'still.may-it' : `still.you-${consent}`)}</p>
        ${consent === 'given' ? nothing : html`<button type="button" class="button accent" @click=${() => this.#consent(still, true)}>${icon('check')}${t('still.agree')}</button>`}
        ${consent === 'refused' ? nothing : html`<button type="button" class="button" @click=${() => this.#consent(still, false)}>${icon('close')}${t(consent === 'given' ? 'still.take-back' : 'still.refuse')}</button>`}
      `,
    );
  }

  render() {
    this.named(t('still.title'));
    const open = this.#asked.value.items.filter(({ consent }) => consent === 'pending').length;
    const places = [
      { href: '/gallery', word: t('still.yours') },
      { href: '/gallery?show=asked', word: t('still.asked'), badge: open || '' },
    ];
    return html`
      <main class="page">
        <h1 tabindex="-1">${t('still.title')}</h1>
        ${tabs(t('still.title'), places, this.asked ? '/gallery?show=asked' : '/gallery')}
        ${this.asked ? html`<p class="lead">${t('still.asked-why')}</p>` : nothing}
        ${this.asked
          ? list(this.#asked, (still) => this.#request(still), { label: t('still.asked'), empty: t('still.none-asked'), icon: 'still', look: 'still-cards' })
          : list(this.#mine, (still) => this.#own(still), { label: t('still.yours'), empty: t('still.none'), icon: 'still', look: 'still-cards' })}
      </main>
    `;
  }
}

customElements.define('mc-gallery', Gallery);
