// The quick way into a call: a big button, how many will come, and a field for a link that somebody sent.

import { Refusal, createRoom, fetchConfig } from '../api.js';
import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { browser, tab } from '../memory.js';
import { go } from '../router.js';
import { watch } from '../store.js';
import { icon } from './icons.js';

const SIZES = [2, 4, 8];
const ROOM = /\/room\/([0-9a-f-]{36})/i;

class Start extends Element {
  static properties = {
    size: { state: true },
    most: { state: true },
    busy: { state: true },
    trouble: { state: true },
  };

  constructor() {
    super();
    this.size = browser.recall('size', 2);
    this.busy = false;
    this.trouble = '';
    this.most = Math.max(...SIZES);
    watch(this, language);
    fetchConfig().then(({ max_capacity: most }) => (this.most = most ?? this.most)).catch(() => {});
  }

  async #create() {
    this.busy = true;
    this.trouble = '';
    try {
      const room = await createRoom(Math.min(this.size, this.most));
      if (room.host_key) tab.keep(`host.${room.id}`, room.host_key);
      go(`/room/${room.id}`);
    } catch (error) {
      this.trouble = (error instanceof Refusal && error.detail) || t('home.trouble');
    } finally {
      this.busy = false;
    }
  }

  /** @param {SubmitEvent} event */
  #open(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const link = String(new FormData(form).get('link') ?? '');
    const id = ROOM.exec(link)?.[1] ?? /^[0-9a-f-]{36}$/i.exec(link.trim())?.[0];
    if (id) go(`/room/${id}`);
    else this.trouble = t('home.not-a-link');
  }

  /** @param {number} size */
  #choose(size) {
    this.size = size;
    browser.keep('size', size);
  }

  render() {
    return html`
      <div class="start">
        <button class="button accent big" ?disabled=${this.busy} @click=${this.#create}>
          ${icon('camera')}${t('home.new-call')}
        </button>
        <fieldset class="segments">
          <legend class="unseen">${t('home.size')}</legend>
          ${SIZES.filter((size) => size <= this.most).map(
            (size) => html`
              <label>
                <input type="radio" name="size" .checked=${size === this.size} @change=${() => this.#choose(size)} />
                <span>${t(size === 2 ? 'home.two' : 'home.up-to', { count: size })}</span>
              </label>
            `,
          )}
        </fieldset>
      </div>
      <form class="paste" @submit=${this.#open}>
        <label for="link">${t('home.have-link')}</label>
        <div class="row">
          <input id="link" name="link" class="field" autocomplete="off" spellcheck="false" placeholder=${t('home.paste')} />
          <button class="button">${t('home.open')}</button>
        </div>
      </form>
      <p class="trouble" role="alert">${this.trouble ? html`${icon('warn')}${this.trouble}` : nothing}</p>
    `;
  }
}

customElements.define('mc-start', Start);
