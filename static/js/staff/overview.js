// How much there is to do, and how the services outside are.

import { Refusal, refusal } from '../api.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { ago } from '../people/ago.js';
import { figure } from '../posts/figure.js';
import { watch } from '../store.js';
import { Form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { failed, loading } from '../ui/list.js';
import { toast } from '../ui/toasts.js';
import { actOn, fetchOverview } from './asks.js';
import { takeBack } from './case.js';
import './services.js';
import { DAYS } from './verdict.js';

/** @import { Overview } from './asks.js' */

const QUEUES = /** @type {const} */ (['open_reports', 'suspended_people', 'leaving_people', 'due_mails', 'failed_mails', 'pending_exports']);
const STATES = { fine: 'check', off: 'off', down: 'warn' };

class OverviewElement extends Element {
  static properties = { overview: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Overview | null} */
    this.overview = null;
    /** @type {Refusal | null} */
    this.trouble = null;
    this.form = new Form(this, { handle: '', days: 7, note: '' });
    watch(this, language);
  }

  firstUpdated() {
    this.#load();
  }

  async #load() {
    this.trouble = null;
    try {
      this.overview = await fetchOverview();
    } catch (error) {
      this.trouble = refusal(error);
    }
  }

  /** @param {number} days 0: no longer */
  async #suspend(days) {
    const { handle, note } = this.form.values;
    const user = handle.trim().replace(/^@/, '');
    await actOn(user, days ? { action: 'suspend', days, note: note.trim() } : { action: 'unsuspend', note: note.trim() });
    const undo = { word: t('undo'), act: () => takeBack({ id: user }, { action: 'unsuspend' }, t('staff.unsuspended', { name: `@${user}` })).then(() => this.#load()) };
    toast(t(days ? 'staff.suspended' : 'staff.unsuspended', { name: `@${user}` }), days ? { action: undo } : {});
    this.form.set('handle', '');
    this.form.set('note', '');
    this.#load();
  }

  async #unsuspend() {
    if (!this.form.values.handle.trim()) return this.form.reject({ handle: t('form.needed') });
    try {
      await this.#suspend(0);
    } catch (error) {
      this.form.refuse(error);
    }
  }

  #person() {
    const { form } = this;
    return html`
      <section class="section" aria-labelledby="act">
        <h2 id="act">${t('staff.person')}</h2>
        <p class="small">${t('staff.person-why')}</p>
        <form class="form" novalidate @submit=${form.submit(() => this.#suspend(form.values.days))}>
          ${form.field({ name: 'handle', label: t('staff.handle'), required: true })}
          <label class="labelled">
            <span>${t('staff.how-long')}</span>
            <select class="field" @change=${(/** @type {Event} */ event) => form.set('days', Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
              ${DAYS.map((one) => html`<option value=${one} ?selected=${one === form.values.days}>${t(one === 1 ? 'staff.day' : 'staff.days', { count: one })}</option>`)}
            </select>
          </label>
          ${form.field({ name: 'note', label: t('staff.why'), maxlength: 500, hint: t('staff.why-hint') })} ${form.trouble()}
          <div class="row">
            ${form.button(t('staff.do-suspend'), { look: 'danger' })}
            <button type="button" class="button" @click=${this.#unsuspend}>${t('staff.do-unsuspend')}</button>
          </div>
        </form>
      </section>
    `;
  }

  render() {
    const { overview, trouble } = this;
    if (trouble) return failed(explain(trouble), () => this.#load());
    if (!overview) return loading();
    const { queues, adapters } = overview;
    return html`
      <dl class="queues">
        ${QUEUES.map(
          (queue) => html`
            <div ?data-waits=${queues[queue] > 0}>
              <dt>${t(`staff.${queue}`)}</dt>
              <dd><b>${figure(queues[queue])}</b>${queue === 'open_reports' && queues.oldest_report_at ? html`<small>${t('staff.oldest', { ago: ago(queues.oldest_report_at) })}</small>` : nothing}</dd>
            </div>
          `,
        )}
      </dl>
      <section class="section" aria-labelledby="adapters">
        <h2 id="adapters">${t('staff.adapters')}</h2>
        <ul class="rows adapters">
          ${adapters.map(
            ({ name, kind, state, detail }) => html`
              <li data-state=${state}>${icon(STATES[state])}<span><b>${name}</b> ${kind}<small>${detail}</small></span><span class="tag">${t(`staff.${state}`)}</span></li>
            `,
          )}
        </ul>
      </section>
      <mc-services></mc-services>
      ${this.#person()}
    `;
  }
}

customElements.define('mc-overview', OverviewElement);
