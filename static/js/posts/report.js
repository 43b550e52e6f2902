// Telling the staff about something: why, and some words if one likes.

import { ask } from '../api.js';
import { language, need, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { watch } from '../store.js';
import { Form } from '../ui/form.js';
import { toast } from '../ui/toasts.js';

/** The same closed list as the server's. */
export const REASONS = ['spam', 'harassment', 'sexual', 'violence', 'privacy', 'other'];
const MOST_NOTE = 500;

/** @typedef {'user' | 'post' | 'comment' | 'room' | 'message' | 'playlist'} Kind */

class Report extends Element {
  constructor() {
    super();
    /** @type {Kind} */
    this.kind = 'post';
    this.subject = '';
    this.form = new Form(this, { reason: '', note: '' });
    watch(this, language);
  }

  firstUpdated() {
    const dialog = this.querySelector('dialog');
    dialog?.addEventListener('close', () => this.remove());
    dialog?.showModal();
  }

  #close() {
    this.querySelector('dialog')?.close();
  }

  async #send() {
    const { reason, note } = this.form.values;
    if (!reason) return this.form.reject({ reason: t('report.reason-needed') });
    await ask('/reports', { method: 'POST', body: { subject: { kind: this.kind, id: this.subject }, reason, note: note.trim() } });
    this.#close();
    toast(t('report.sent'));
  }

  #reasons() {
    const error = this.form.errors.reason;
    return html`
      <fieldset class="labelled choices">
        <legend>${t('report.reason')}</legend>
        ${REASONS.map(
          (reason) => html`
            <label class="check">
              <input
                type="radio"
                name="reason"
                value=${reason}
                aria-invalid=${error ? 'true' : 'false'}
                .checked=${this.form.values.reason === reason}
                @change=${() => this.form.set('reason', reason)}
              />
              <span>${t(`report.${reason}`)}</span>
            </label>
          `,
        )}
        <div role="alert">${error ? html`<p class="field-error"><span>${error}</span></p>` : ''}</div>
      </fieldset>
    `;
  }

  render() {
    return html`
      <dialog class="confirm" aria-labelledby="report-title">
        <h2 id="report-title">${t(`report.title-${this.kind}`)}</h2>
        <p class="small">${t('report.lead')}</p>
        <form class="form" novalidate @submit=${this.form.submit(() => this.#send())}>
          ${this.#reasons()} ${this.form.field({ name: 'note', label: t('report.note'), rows: 3, maxlength: MOST_NOTE, hint: t('report.note-hint') })}
          ${this.form.trouble()}
          <div class="row">
            <button type="button" class="button" @click=${this.#close}>${t('confirm.cancel')}</button>
            ${this.form.button(t('report.send'), { look: 'accent' })}
          </div>
        </form>
      </dialog>
    `;
  }
}

customElements.define('mc-report', Report);

/**
 * @param {Kind} kind
 * @param {string} subject its identifier
 */
export async function report(kind, subject) {
  await need(['posts']);
  const dialog = new Report();
  dialog.kind = kind;
  dialog.subject = subject;
  document.body.append(dialog);
}
