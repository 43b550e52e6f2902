// Deciding on a report: whether it is right, and what is done about it, in one go and with a word why.

import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { watch } from '../store.js';
import { Form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { TAKEDOWNS, actOn, closeReport, takeDown } from './asks.js';

/** @import { Case } from './asks.js' */

const MOST_NOTE = 500;
export const DAYS = [1, 7, 30, 365];

class Verdict extends Element {
  constructor() {
    super();
    this.case = /** @type {Case} */ ({});
    this.done = (/** @type {boolean} */ _closed) => {};
    this.form = new Form(this, { status: '', takedown: true, suspend: false, days: 7, note: '' });
    watch(this, language);
  }

  firstUpdated() {
    const dialog = this.querySelector('dialog');
    dialog?.addEventListener('close', () => {
      this.done(dialog.returnValue === 'yes');
      this.remove();
    });
    dialog?.showModal();
  }

  /** @param {string} value */
  #close(value) {
    this.querySelector('dialog')?.close(value);
  }

  /** First what is to be done, then the verdict: a report that could not be acted on stays open. */
  async #decide() {
    const { status, takedown, suspend, days } = this.form.values;
    const { id, subject, author } = this.case;
    const note = this.form.values.note.trim();
    if (!status) return this.form.reject({ status: t('staff.decide-needed') });
    if (status === 'upheld') {
      if (takedown && TAKEDOWNS[subject.kind]) await takeDown(id, note);
      if (suspend && author) await actOn(author.id, { action: 'suspend', days, note });
    }
    await closeReport(id, status, note);
    this.#close('yes');
  }

  #findings() {
    const error = this.form.errors.status;
    return html`
      <fieldset class="labelled">
        <legend>${t('staff.finding')}</legend>
        ${['upheld', 'dismissed'].map(
          (status) => html`
            <label class="check">
              <input type="radio" name="status" value=${status} aria-invalid=${error ? 'true' : 'false'} .checked=${this.form.values.status === status} @change=${() => this.form.set('status', status)} />
              <span>${t(`staff.find-${status}`)}</span>
            </label>
          `,
        )}
        <div role="alert">${error ? html`<p class="field-error">${icon('warn')}<span>${error}</span></p>` : nothing}</div>
      </fieldset>
    `;
  }

  #measures() {
    const { subject, author } = this.case;
    const { status, suspend, days } = this.form.values;
    if (status !== 'upheld' || !(author || TAKEDOWNS[subject.kind])) return nothing;
    return html`
      <fieldset class="labelled">
        <legend>${t('staff.measures')}</legend>
        ${TAKEDOWNS[subject.kind] ? this.form.check({ name: 'takedown', label: t(`staff.take-${subject.kind}`) }) : nothing}
        ${author ? this.form.check({ name: 'suspend', label: t('staff.suspend', { name: author.nickname }) }) : nothing}
        ${suspend
          ? html`<label class="labelled">
              <span>${t('staff.how-long')}</span>
              <select class="field" @change=${(/** @type {Event} */ event) => this.form.set('days', Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
                ${DAYS.map((one) => html`<option value=${one} ?selected=${one === days}>${t(one === 1 ? 'staff.day' : 'staff.days', { count: one })}</option>`)}
              </select>
            </label>`
          : nothing}
      </fieldset>
    `;
  }

  render() {
    return html`
      <dialog class="confirm" aria-labelledby="verdict-title">
        <h2 id="verdict-title">${t('staff.decide')}</h2>
        <form class="form" novalidate @submit=${this.form.submit(() => this.#decide())}>
          ${this.#findings()} ${this.#measures()} ${this.form.field({ name: 'note', label: t('staff.why'), rows: 2, maxlength: MOST_NOTE, hint: t('staff.why-hint') })}
          ${this.form.trouble()}
          <div class="row">
            <button type="button" class="button" @click=${() => this.#close('')}>${t('confirm.cancel')}</button>
            ${this.form.button(t('staff.close'), { look: 'accent' })}
          </div>
        </form>
      </dialog>
    `;
  }
}

customElements.define('mc-verdict', Verdict);

/**
 * @param {Case} one
 * @returns {Promise<boolean>} whether it was closed
 */
export function decide(one) {
  const dialog = new Verdict();
  dialog.case = one;
  const done = new Promise((/** @type {(closed: boolean) => void} */ resolve) => (dialog.done = resolve));
  document.body.append(dialog);
  return done;
}
