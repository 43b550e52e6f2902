// Forms that say what is wrong where it is wrong, keep what was typed, and send once.

import { refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html, ifDefined, live, nothing } from '../lit.js';
import { tab } from '../memory.js';
import { alike, merge } from '../merge.js';
import { icon } from './icons.js';
import { STRENGTHS, strength } from './strength.js';

/** Never written to any storage. */
const SECRET = /password/;

/**
 * @typedef {object} Field
 * @property {string} name also the JSON pointer of its errors, after the `/`
 * @property {string} label
 * @property {string} [type]
 * @property {unknown} [hint] a line below the field
 * @property {string} [autocomplete]
 * @property {string} [inputmode]
 * @property {string} [pattern]
 * @property {string} [title] what the pattern means, said when it does not fit
 * @property {number} [maxlength]
 * @property {boolean} [required]
 * @property {number} [rows] more than one line of text
 * @property {unknown} [status] what is found out about the value while it is typed, e.g. whether a name is free
 * @property {(value: string) => void} [input] told of every change
 */

/** Forms so far, for identifiers. */
let forms = 0;

/**
 * The state of one form of an element. Its values, errors and fields:
 *
 *     this.form = new Form(this, { email: '' });
 *     html`<form novalidate @submit=${this.form.submit(() => this.#send())}>
 *       ${this.form.field({ name: 'email', label: t('…') })} ${this.form.trouble()} ${this.form.button(t('…'))}
 *     </form>`
 */
export class Form {
  #id = `form-${(forms += 1)}`;
  /** What the fields began with. @type {Record<string, any>} */
  #before;

  /**
   * @param {import('/vendor/@lit/reactive-element/reactive-element.js').ReactiveElement} host
   * @param {Record<string, any>} values what the fields begin with
   * @param {string} [keep] a name under which what was changed outlives a reload of this tab; secrets never do
   */
  constructor(host, values, keep) {
    this.host = host;
    this.keep = keep;
    const kept = keep ? tab.recall(`form.${keep}`, /** @type {any} */ (null)) : null;
    const found = merge({ ...values, ...kept?.values }, { ...values, ...kept?.before }, values);
    /** @type {Record<string, any>} */
    this.values = found.merged;
    /** The names of the fields whose kept change was begun before somebody changed the same. */
    this.overtaken = found.contested;
    this.#before = { ...values };
    /** @type {Record<string, string>} */
    this.errors = {};
    /** What is wrong with no one field. */
    this.problem = '';
    this.pending = false;
    this.shows = false;
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  set(name, value) {
    this.values[name] = value;
    delete this.errors[name];
    this.#keep();
    this.host.requestUpdate();
  }

  /** Only what differs: what somebody changes elsewhere meanwhile is not undone by it. */
  #keep() {
    if (!this.keep) return;
    const changed = Object.keys(this.values).filter((name) => !SECRET.test(name) && !alike(this.values[name], this.#before[name]));
    const only = (/** @type {Record<string, any>} */ fields) => Object.fromEntries(changed.map((name) => [name, fields[name]]));
    tab.keep(`form.${this.keep}`, changed.length ? { values: only(this.values), before: only(this.#before) } : undefined);
  }

  /**
   * The names of the fields that were changed here and, to something else, by whoever made these values.
   * @param {Record<string, any>} theirs
   */
  contested(theirs) {
    return merge(this.values, this.#before, theirs).contested;
  }

  /**
   * Goes on upon other values: a field that was not touched here is as it is there.
   * @param {Record<string, any>} theirs
   */
  rebase(theirs) {
    this.values = merge(this.values, this.#before, theirs).merged;
    this.#before = { ...theirs };
    this.#keep();
    this.host.requestUpdate();
  }

  /** Forgets what was kept for a reload. */
  forget() {
    if (this.keep) tab.keep(`form.${this.keep}`, undefined);
  }

  /**
   * Marks fields, says a general problem, and puts the focus on the first field that is wrong.
   * @param {Record<string, string>} errors
   * @param {string} [problem]
   */
  async reject(errors, problem = '') {
    this.errors = errors;
    this.problem = problem;
    this.host.requestUpdate();
    await this.host.updateComplete;
    const wrong = /** @type {HTMLElement | null} */ (this.host.querySelector('[aria-invalid="true"]'));
    wrong?.focus();
  }

  /**
   * A listener for `submit`. While the work goes on the button says so, and a second press does nothing; a refusal lands at
   * its fields.
   * @param {() => Promise<unknown>} work
   * @param {Record<string, string>} [names] the field for a JSON pointer, where it is not the pointer itself
   */
  submit(work, names = {}) {
    return async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (this.pending) return;
      this.errors = this.#missing(/** @type {HTMLFormElement} */ (event.currentTarget));
      this.problem = '';
      if (Object.keys(this.errors).length) return this.reject(this.errors);
      this.pending = true;
      this.host.requestUpdate();
      try {
        await work();
      } catch (error) {
        this.refuse(error, names);
      } finally {
        this.pending = false;
        this.host.requestUpdate();
      }
    };
  }

  /**
   * Shows what the server found wrong: at the fields it names, else for the whole form.
   * @param {unknown} error
   * @param {Record<string, string>} [names]
   */
  refuse(error, names = {}) {
    const { code, detail, errors: found } = refusal(error);
    /** @type {Record<string, string>} */
    const errors = {};
    for (const wrong of found) {
      const name = names[wrong.pointer] ?? wrong.pointer.replace(/^\//, '');
      if (this.host.querySelector(`[name="${CSS.escape(name)}"]`)) errors[name] = explain(wrong);
    }
    this.reject(errors, Object.keys(errors).length ? '' : explain({ code, detail }));
  }

  /** @param {HTMLFormElement} form */
  #missing(form) {
    /** @type {Record<string, string>} */
    const errors = {};
    for (const input of form.elements) {
      if (!(input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement) || !input.name) continue;
      const { valueMissing, typeMismatch, patternMismatch } = input.validity;
      if (valueMissing) errors[input.name] = t(input.type === 'checkbox' ? 'form.must-agree' : 'form.needed');
      else if (typeMismatch) errors[input.name] = t(`form.not-${input.type}`);
      else if (patternMismatch) errors[input.name] = input.title || t('form.not-pattern');
    }
    return errors;
  }

  /** @param {Field} field */
  field(field) {
    const { name, label, hint, status, rows } = field;
    const id = `${this.#id}-${name}`;
    const error = this.errors[name];
    const described = [error && `${id}-error`, hint && `${id}-hint`, status && `${id}-status`].filter(Boolean).join(' ');
    return html`
      <div class="labelled">
        <label for=${id}>${label}</label>
        ${rows ? this.#area(field, id, described) : this.#input(field, id, described)}
        ${error ? html`<p class="field-error" id="${id}-error">${icon('warn')}<span>${error}</span></p>` : nothing}
        ${status ? html`<p class="small" id="${id}-status" role="status">${status}</p>` : nothing}
        ${hint ? html`<p class="small" id="${id}-hint">${hint}</p>` : nothing}
      </div>
    `;
  }

  /**
   * @param {Field} field
   * @param {string} id
   * @param {string} described
   */
  #input(field, id, described) {
    const { name, type = 'text', autocomplete = 'off', inputmode, pattern, maxlength, required, title } = field;
    return html`<input
      class="field"
      id=${id}
      name=${name}
      type=${type}
      autocomplete=${autocomplete}
      inputmode=${ifDefined(inputmode)}
      pattern=${ifDefined(pattern)}
      title=${ifDefined(title)}
      maxlength=${ifDefined(maxlength)}
      autocapitalize=${ifDefined(type === 'text' && autocomplete !== 'off' ? 'none' : undefined)}
      spellcheck=${ifDefined(autocomplete === 'off' ? undefined : 'false')}
      ?required=${required}
      aria-invalid=${this.errors[name] ? 'true' : 'false'}
      aria-describedby=${ifDefined(described || undefined)}
      .value=${live(this.values[name] ?? '')}
      @input=${this.#typed(field)}
    />`;
  }

  /**
   * @param {Field} field
   * @param {string} id
   * @param {string} described
   */
  #area(field, id, described) {
    const { name, maxlength, required, rows } = field;
    return html`<textarea
      class="field"
      id=${id}
      name=${name}
      rows=${ifDefined(rows)}
      maxlength=${ifDefined(maxlength)}
      ?required=${required}
      aria-invalid=${this.errors[name] ? 'true' : 'false'}
      aria-describedby=${ifDefined(described || undefined)}
      .value=${live(this.values[name] ?? '')}
      @input=${this.#typed(field)}
    ></textarea>`;
  }

  /** @param {Field} field */
  #typed({ name, input }) {
    return (/** @type {InputEvent} */ event) => {
      const { value } = /** @type {HTMLInputElement} */ (event.target);
      this.set(name, value);
      input?.(value);
    };
  }

  /**
   * A password that can be looked at, and, where it is a new one, how hard it is to guess.
   * @param {Field & {fresh?: boolean, about?: string[]}} field `about`: words that a guesser would try first
   */
  password({ fresh = false, about = [], ...field }) {
    const level = strength(this.values[field.name] ?? '', about);
    const word = STRENGTHS[level] ?? '';
    const status = fresh
      ? html`<span class="strength" data-level=${level}>
          <span class="strength-bars" aria-hidden="true">${[1, 2, 3, 4].map((n) => html`<i ?data-lit=${level >= n}></i>`)}</span>
          ${this.values[field.name] ? t(`password.${word}`) : t('password.rule')}
        </span>`
      : undefined;
    return html`
      <div class="secret">
        ${this.field({
          autocomplete: fresh ? 'new-password' : 'current-password',
          status,
          ...field,
          type: this.shows ? 'text' : 'password',
        })}
        <button type="button" class="button quiet round" aria-pressed=${this.shows} aria-label=${t('password.show')} title=${t('password.show')} @click=${() => {
          this.shows = !this.shows;
          this.host.requestUpdate();
        }}>
          ${icon(this.shows ? 'eye-off' : 'eye')}
        </button>
      </div>
    `;
  }

  /** @param {{name: string, label: unknown, required?: boolean}} field */
  check({ name, label, required }) {
    const id = `${this.#id}-${name}`;
    const error = this.errors[name];
    return html`
      <div class="checked">
        <label class="check">
          <input
            type="checkbox"
            name=${name}
            ?required=${required}
            aria-invalid=${error ? 'true' : 'false'}
            aria-describedby=${ifDefined(error ? `${id}-error` : undefined)}
            .checked=${live(Boolean(this.values[name]))}
            @change=${(/** @type {Event} */ event) => this.set(name, /** @type {HTMLInputElement} */ (event.target).checked)}
          />
          <span>${label}</span>
        </label>
        ${error ? html`<p class="field-error" id="${id}-error">${icon('warn')}<span>${error}</span></p>` : nothing}
      </div>
    `;
  }

  /** What is wrong with no one field. */
  trouble() {
    return html`<div role="alert">${this.problem ? html`<p class="note warn">${icon('warn')}<span>${this.problem}</span></p>` : nothing}</div>`;
  }

  /**
   * The button that sends.
   * @param {string} label
   * @param {{look?: string}} [options]
   */
  button(label, { look = 'accent big' } = {}) {
    return html`<button class="button ${look}" aria-disabled=${this.pending} ?data-pending=${this.pending}>
      ${this.pending ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}${label}
    </button>`;
  }
}
