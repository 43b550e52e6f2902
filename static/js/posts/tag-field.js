// Tags, typed or taken from what others use: a list box below the field, the tags themselves above it.

import { announce } from '../call/announce.js';
import { language, t } from '../i18n.js';
import { Element, html, ifDefined, nothing, repeat } from '../lit.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { fetchTags } from './asks.js';
import { figure } from './figure.js';

export const MOST_TAGS = 10;
const MOST_CHARACTERS = 30;
const PAUSE_MS = 150;

/** As the server writes it: lower case, without blanks and the signs that stand around tags. @param {string} text */
export const tagOf = (text) => [...text.normalize('NFKC').toLowerCase().replace(/[\s#/\\,]+/gu, '')].slice(0, MOST_CHARACTERS).join('');

/** Event `tags` (detail: all of them now). */
class TagField extends Element {
  static properties = { tags: {}, found: { state: true }, marked: { state: true } };

  #timer = 0;
  #asked = new AbortController();

  constructor() {
    super();
    /** @type {string[]} */
    this.tags = [];
    /** @type {{name: string, count: number}[]} */
    this.found = [];
    /** What tags are good for here. */
    this.hint = 'write.tags-hint';
    /** Which of them is marked by the arrow keys; -1: none. */
    this.marked = -1;
    watch(this, language);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asked.abort();
  }

  get #field() {
    return /** @type {HTMLInputElement} */ (this.querySelector('input'));
  }

  /** @param {string[]} tags */
  #tell(tags) {
    this.tags = tags;
    this.dispatchEvent(new CustomEvent('tags', { detail: tags }));
  }

  /** @param {string} text */
  #add(text) {
    const tag = tagOf(text);
    this.#field.value = '';
    this.#close();
    if (!tag || this.tags.includes(tag)) return;
    if (this.tags.length >= MOST_TAGS) return announce(t('write.tags-many', { most: MOST_TAGS }));
    this.#tell([...this.tags, tag]);
    announce(t('write.tag-added', { tag }));
  }

  /** @param {string} tag */
  async #remove(tag) {
    this.#tell(this.tags.filter((one) => one !== tag));
    announce(t('write.tag-removed', { tag }));
    await this.updateComplete;
    this.#field.focus();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.found = [];
    this.marked = -1;
  }

  /** @param {InputEvent} event */
  #typed(event) {
    const { value } = this.#field;
    if (!event.isComposing && /[\s,]/.test(value)) {
      for (const part of value.split(/[\s,]+/)) this.#add(part);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#suggest(tagOf(value)), PAUSE_MS);
  }

  /** @param {string} begin */
  async #suggest(begin) {
    this.#asked.abort();
    this.marked = -1;
    if (!begin) {
      this.found = [];
      return;
    }
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    try {
      const { items } = await fetchTags(begin, signal);
      if (signal.aborted) return;
      this.found = items.filter(({ name }) => !this.tags.includes(name));
      if (this.found.length) announce(t('write.tags-found', { count: this.found.length }));
    } catch {
      // Whoever knows what to type needs no suggestions.
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While Hangul is being composed, keys belong to the input method.
    if (event.isComposing) return;
    const { key } = event;
    if ((key === 'ArrowDown' || key === 'ArrowUp') && this.found.length) {
      event.preventDefault();
      const step = key === 'ArrowDown' ? 1 : -1;
      const places = this.found.length + 1;
      this.marked = ((this.marked + 1 + step + places) % places) - 1;
    } else if (key === 'Enter') {
      const { value } = this.#field;
      if (!value && this.marked < 0) return;
      event.preventDefault();
      this.#add(this.found[this.marked]?.name ?? value);
    } else if (key === 'Escape' && this.found.length) {
      event.stopPropagation();
      this.#close();
    } else if (key === 'Backspace' && !this.#field.value && this.tags.length) {
      this.#remove(/** @type {string} */ (this.tags.at(-1)));
    }
  }

  #left() {
    const { value } = this.#field;
    if (value) this.#add(value);
    this.#close();
  }

  render() {
    const { tags, found, marked } = this;
    return html`
      <div class="labelled tag-field">
        <label for="tags">${t('write.tags')}</label>
        ${tags.length
          ? html`<ul class="chosen-tags" aria-label=${t('write.tags-chosen')}>
              ${repeat(tags, (tag) => tag, (tag) => html`
                <li>
                  <button type="button" class="chip" @click=${() => this.#remove(tag)}><span>#${tag}</span>${icon('close')}<span class="unseen">${t('write.tag-remove')}</span></button>
                </li>
              `)}
            </ul>`
          : nothing}
        <div class="tag-choice">
          <input
            id="tags"
            class="field"
            role="combobox"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-expanded=${found.length > 0}
            aria-controls="tags-found"
            aria-autocomplete="list"
            aria-describedby="tags-hint"
            aria-activedescendant=${ifDefined(marked >= 0 ? `tag-${marked}` : undefined)}
            ?disabled=${tags.length >= MOST_TAGS}
            @input=${this.#typed}
            @keydown=${this.#key}
            @blur=${this.#left}
          />
          <ul id="tags-found" class="tags-found" role="listbox" aria-label=${t('write.tags-others')} ?hidden=${!found.length}>
            ${found.map(
              ({ name, count }, index) => html`
                <li id=${`tag-${index}`} role="option" aria-selected=${index === marked} @pointerdown=${(/** @type {Event} */ event) => event.preventDefault()} @click=${() => this.#add(name)}>
                  <span>#${name}</span><small>${t(count === 1 ? 'write.tag-once' : 'write.tag-times', { count: figure(count) })}</small>
                </li>
              `,
            )}
          </ul>
        </div>
        <p class="small" id="tags-hint">${t(tags.length >= MOST_TAGS ? 'write.tags-many' : this.hint, { most: MOST_TAGS })}</p>
      </div>
    `;
  }
}

customElements.define('mc-tag-field', TagField);
