// Everything that a post is made of, in one form.

import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import '../playlists/field.js';
import { watch } from '../store.js';
import { Form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { VISIBILITIES, VISIBILITY_ICONS } from './asks.js';
import { emptyDraft } from './draft.js';
import './picture-field.js';
import './tag-field.js';

/** @import { Mood } from '../messages.d.ts' */
/** @import { Draft } from './draft.js' */

export const MOST_TITLE = 100;
export const MOST_BODY = 2_000;
/** From here on it says how many characters are left. */
const COUNTED = 200;
/** @type {Mood[]} */
const MOODS = ['happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise', 'contempt', 'neutral'];

/** Event `draft` (detail: how it is now) after every change. */
class Editor extends Element {
  static properties = { word: {}, note: {}, uploading: { state: true } };

  /** @type {Form} */
  // @ts-expect-error set before the first rendering
  #form;

  constructor() {
    super();
    /** What it begins with. */
    this.draft = emptyDraft();
    /** What the button says. */
    this.word = '';
    /** A line beside the button. @type {unknown} */
    this.note = nothing;
    this.uploading = false;
    /** @type {(draft: Draft) => Promise<unknown>} */
    this.send = async () => {};
    watch(this, language);
  }

  willUpdate() {
    this.#form ??= new Form(this, this.draft);
  }

  /**
   * Begins anew with another draft.
   * @param {Draft} draft
   */
  begin(draft) {
    this.draft = draft;
    this.#form = new Form(this, draft);
    this.requestUpdate();
  }

  /**
   * @param {keyof Draft} name
   * @param {unknown} value
   */
  #set(name, value) {
    this.#form.set(name, value);
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new CustomEvent('draft', { detail: /** @type {Draft} */ ({ ...this.#form.values }) }));
  }

  async #send() {
    const draft = /** @type {Draft} */ ({ ...this.#form.values });
    if (this.uploading) return this.#form.reject({}, t('write.still-sending'));
    if (!draft.title.trim()) return this.#form.reject({ title: t('write.title-needed') });
    if (!draft.pictures.length && !draft.body.trim()) return this.#form.reject({ body: t('write.something-needed') });
    await this.send(draft);
  }

  #visibility() {
    const { visibility } = this.#form.values;
    return html`
      <fieldset class="labelled" aria-describedby="visibility-hint">
        <legend>${t('write.visibility')}</legend>
        <div class="chips">
          ${VISIBILITIES.map(
            (one) => html`
              <label class="chip pick-one">
                <input type="radio" name="visibility" value=${one} .checked=${one === visibility} @change=${() => this.#set('visibility', one)} />
                ${icon(VISIBILITY_ICONS[one])}<span>${t(`write.for-${one}`)}</span>
              </label>
            `,
          )}
        </div>
        <p class="small" id="visibility-hint">${t(`write.for-${visibility}-why`)}</p>
      </fieldset>
    `;
  }

  #mood() {
    const { mood } = this.#form.values;
    return html`
      <fieldset class="labelled" aria-describedby="mood-hint">
        <legend>${t('write.mood')}</legend>
        <div class="chips">
          ${['', ...MOODS].map(
            (one) => html`
              <label class="chip pick-one" data-aura=${one || nothing}>
                <input type="radio" name="mood" value=${one} .checked=${one === mood} @change=${() => this.#set('mood', one)} />
                ${one ? icon(one) : nothing}<span>${one ? t(`mood.${one}`) : t('write.no-mood')}</span>
              </label>
            `,
          )}
        </div>
        <p class="small" id="mood-hint">${t('write.mood-hint')}</p>
      </fieldset>
    `;
  }

  render() {
    const form = this.#form;
    const left = MOST_BODY - [...form.values.body].length;
    return html`
      <form class="form" novalidate @submit=${form.submit(() => this.#send(), { '/pictures': 'pictures' })}>
        <mc-picture-field
          .pictures=${form.values.pictures}
          @pictures=${(/** @type {CustomEvent} */ event) => this.#set('pictures', event.detail)}
          @sending=${(/** @type {CustomEvent} */ event) => (this.uploading = event.detail)}
        ></mc-picture-field>
        ${form.field({ name: 'title', label: t('write.title'), required: true, maxlength: MOST_TITLE, input: () => this.#tell() })}
        ${form.field({
          name: 'body',
          label: t('write.body'),
          rows: 5,
          maxlength: MOST_BODY,
          hint: left <= COUNTED ? t('comment.left', { count: left }) : undefined,
          input: () => this.#tell(),
        })}
        <mc-tag-field .tags=${form.values.tags} @tags=${(/** @type {CustomEvent} */ event) => this.#set('tags', event.detail)}></mc-tag-field>
        <mc-playlist-field .playlist=${form.values.playlist} .trouble=${form.errors.playlist_id ?? ''} @playlist=${(/** @type {CustomEvent} */ event) => this.#set('playlist', event.detail)}></mc-playlist-field>
        ${this.#visibility()} ${this.#mood()} ${form.trouble()}
        <div class="row">${form.button(this.word)}${this.note}</div>
      </form>
    `;
  }
}

customElements.define('mc-editor', Editor);
