// The pictures of a post while it is written: uploaded as soon as they are chosen, put in order, described, taken away.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { fetchStill } from '../gallery/asks.js';
import '../gallery/consents.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, nothing, repeat } from '../lit.js';
import { NoPicture } from '../people/square.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { uploadPicture } from './asks.js';
import { fitting } from './fitting.js';
import { chooseStills } from './still-choice.js';

/** @import { Chosen } from './draft.js' */

export const MOST_PICTURES = 10;
const MOST_DESCRIPTION = 300;

/** A file on its way. @typedef {{key: number, file: File, preview: string, share: number, trouble: string, stop: AbortController}} Sending */

/** Events: `pictures` (detail: all of them now), `sending` (detail: whether any is on its way). */
class PictureField extends Element {
  static properties = { pictures: {}, sending: { state: true }, dragged: { state: true } };

  #next = 1;
  #busy = false;
  /** Stills whose address was asked for again. @type {Set<string>} */
  #renewed = new Set();

  constructor() {
    super();
    /** @type {Chosen[]} */
    this.pictures = [];
    /** @type {Sending[]} */
    this.sending = [];
    this.dragged = false;
    watch(this, language);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const one of this.sending) this.#drop(one);
  }

  get #room() {
    return MOST_PICTURES - this.pictures.length - this.sending.length;
  }

  /** @param {Chosen[]} pictures */
  #tell(pictures) {
    this.pictures = pictures;
    this.dispatchEvent(new CustomEvent('pictures', { detail: pictures }));
  }

  /** @param {Iterable<File>} files */
  #take(files) {
    const taken = [...files].filter((file) => file.type.startsWith('image/') || !file.type);
    if (taken.length > this.#room) announce(t('write.pictures-many', { most: MOST_PICTURES }));
    const fresh = taken.slice(0, this.#room).map((file) => ({
      key: this.#next++,
      file,
      preview: URL.createObjectURL(file),
      share: 0,
      trouble: '',
      stop: new AbortController(),
    }));
    this.sending = [...this.sending, ...fresh];
    this.#send();
  }

  /** One after the other, so that the first one is there first. */
  async #send() {
    if (this.#busy) return;
    this.#busy = true;
    this.dispatchEvent(new CustomEvent('sending', { detail: true }));
    for (;;) {
      const one = this.sending.find(({ trouble }) => !trouble);
      if (!one || !this.isConnected) break;
      try {
        const picture = await fitting(one.file);
        const progress = (/** @type {number} */ share) => {
          one.share = share;
          this.requestUpdate();
        };
        const { id, url, width, height } = await uploadPicture(picture, { progress, signal: one.stop.signal });
        this.#drop(one);
        this.#tell([...this.pictures, { upload: id, url, width, height, description: '', from_call: false }]);
        announce(t('write.picture-there'));
      } catch (error) {
        if (one.stop.signal.aborted) continue;
        one.trouble = error instanceof NoPicture ? t('write.picture-unreadable') : explain(refusal(error));
        this.requestUpdate();
      }
    }
    this.#busy = false;
    this.dispatchEvent(new CustomEvent('sending', { detail: false }));
  }

  /** @param {Sending} one */
  #drop(one) {
    one.stop.abort();
    URL.revokeObjectURL(one.preview);
    this.sending = this.sending.filter((other) => other !== one);
  }

  /** @param {Sending} one */
  #again(one) {
    one.trouble = '';
    this.requestUpdate();
    this.#send();
  }

  async #fromGallery() {
    const chosen = await chooseStills(this.#room, this.pictures.flatMap(({ still }) => still ?? []));
    if (chosen.length) this.#tell([...this.pictures, ...chosen]);
  }

  /** @param {Event} event */
  #picked(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    this.#take(input.files ?? []);
    input.value = '';
  }

  /** @param {DragEvent} event */
  #dropped(event) {
    this.dragged = false;
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.#take(event.dataTransfer.files);
  }

  /** @param {DragEvent} event */
  #over(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.dragged = true;
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  async #move(from, to) {
    const pictures = [...this.pictures];
    const [moved] = pictures.splice(from, 1);
    if (!moved) return;
    pictures.splice(to, 0, moved);
    this.#tell(pictures);
    announce(t('write.picture-moved', { nth: to + 1, of: pictures.length }));
    await this.updateComplete;
    const buttons = this.querySelectorAll(`[data-nth="${to}"] .picture-move`);
    const button = [...buttons].find((one) => !(/** @type {HTMLButtonElement} */ (one).disabled));
    /** @type {HTMLElement | undefined} */ (button)?.focus();
  }

  /** @param {number} nth */
  async #remove(nth) {
    this.#tell(this.pictures.filter((_, index) => index !== nth));
    announce(t('write.picture-removed'));
    await this.updateComplete;
    this.querySelector('input')?.focus();
  }

  /**
   * @param {number} nth
   * @param {Event} event
   */
  #describe(nth, event) {
    const { value } = /** @type {HTMLInputElement} */ (event.target);
    this.#tell(this.pictures.map((picture, index) => (index === nth ? { ...picture, description: value } : picture)));
  }

  /** The address of a still is good for some minutes only; a draft may be older. @param {number} nth */
  async #renew(nth) {
    const picture = this.pictures[nth];
    if (!picture?.still || this.#renewed.has(picture.still)) return;
    this.#renewed.add(picture.still);
    const still = await fetchStill(picture.still).catch(() => null);
    if (still) this.#tell(this.pictures.map((one) => (one.still === still.id ? { ...one, url: still.webp } : one)));
  }

  /**
   * @param {Chosen} picture
   * @param {number} index
   */
  #picture({ url, width, height, description, still, from_call: fromCall }, index) {
    const of = this.pictures.length;
    const nth = index + 1;
    return html`
      <li class="picked" data-nth=${index}>
        <img src=${url} width=${width} height=${height} alt=${description || t('write.picture-nth', { nth })} decoding="async" @error=${() => this.#renew(index)} />
        <div class="picked-words">
          <label class="labelled">
            <span>${t('write.describe', { nth })}${fromCall ? html` · ${t('post.from-call')}` : nothing}</span>
            <input class="field" maxlength=${MOST_DESCRIPTION} autocomplete="off" placeholder=${t('write.describe-hint')} .value=${description} @input=${(/** @type {Event} */ event) => this.#describe(index, event)} />
          </label>
          ${still ? html`<mc-consents .still=${still}></mc-consents>` : nothing}
          <div class="row">
            ${of > 1
              ? html`
                  <button type="button" class="button quiet round picture-move" aria-label=${t('write.earlier', { nth })} title=${t('write.earlier', { nth })} ?disabled=${!index} @click=${() => this.#move(index, index - 1)}>${icon('earlier')}</button>
                  <button type="button" class="button quiet round picture-move" aria-label=${t('write.later', { nth })} title=${t('write.later', { nth })} ?disabled=${nth === of} @click=${() => this.#move(index, index + 1)}>${icon('later')}</button>
                `
              : nothing}
            <button type="button" class="button quiet round" aria-label=${t('write.remove', { nth })} title=${t('write.remove', { nth })} @click=${() => this.#remove(index)}>${icon('discard')}</button>
          </div>
        </div>
      </li>
    `;
  }

  /** @param {Sending} one */
  #onItsWay(one) {
    const percent = Math.round(one.share * 100);
    return html`
      <li class="picked" ?data-wrong=${one.trouble}>
        <img src=${one.preview} alt="" />
        <div class="picked-words">
          <p class="picked-name">${one.file.name}</p>
          ${one.trouble
            ? html`<p class="field-error" role="alert">${icon('warn')}<span>${one.trouble}</span></p>`
            : html`<progress max="100" value=${percent} aria-label=${t('write.sending', { name: one.file.name })}></progress>`}
          <div class="row">
            ${one.trouble ? html`<button type="button" class="button" @click=${() => this.#again(one)}>${t('list.again')}</button>` : nothing}
            <button type="button" class="button quiet" @click=${() => this.#drop(one)}>${t('confirm.cancel')}</button>
          </div>
        </div>
      </li>
    `;
  }

  render() {
    const full = this.#room <= 0;
    return html`
      <fieldset class="labelled pictures-field" ?data-dragged=${this.dragged} @dragover=${this.#over} @dragleave=${() => (this.dragged = false)} @drop=${this.#dropped}>
        <legend>${t('write.pictures')}</legend>
        <ol class="picked-list">
          ${repeat(this.pictures, ({ url }) => url, (picture, index) => this.#picture(picture, index))}
          ${repeat(this.sending, ({ key }) => key, (one) => this.#onItsWay(one))}
        </ol>
        <div class="row">
          <label class="button file-button" ?data-full=${full}>
            ${icon('picture')}<span>${t('write.from-files')}</span>
            <input type="file" accept="image/*" multiple ?disabled=${full} aria-describedby="pictures-hint" @change=${this.#picked} />
          </label>
          <button type="button" class="button" ?disabled=${full} @click=${this.#fromGallery}>${icon('still')}${t('write.from-gallery')}</button>
        </div>
        <p class="small" id="pictures-hint">${t(full ? 'write.pictures-many' : 'write.pictures-hint', { most: MOST_PICTURES })}</p>
      </fieldset>
    `;
  }
}

customElements.define('mc-picture-field', PictureField);
