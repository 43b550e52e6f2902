// For staff: what is to be done, what was reported, and who did what.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { ago, fullTime } from '../people/ago.js';
import { session } from '../session.js';
import { caseRow, placeOf, takeBack, who } from '../staff/case.js';
import '../staff/overview.js';
import { decide } from '../staff/verdict.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { tabs } from '../ui/tabs.js';

/** @import { Act, Case } from '../staff/asks.js' */

const SECTIONS = /** @type {const} */ (['overview', 'reports', 'log']);
const STATUSES = /** @type {const} */ (['open', 'upheld', 'dismissed']);

class Admin extends Page {
  constructor() {
    super();
    this.section = SECTIONS.find((one) => location.pathname === `/admin/${one}`) ?? 'overview';
    this.status = STATUSES.find((one) => one === this.query.get('status')) ?? 'open';
    /** @type {Listing<any> | null} */
    this.listing = null;
    if (session.me?.staff && this.section === 'reports') this.listing = new Listing('/admin/reports', { status: this.status });
    if (session.me?.staff && this.section === 'log') this.listing = new Listing('/admin/audit-log');
    if (this.listing) watch(this, this.listing);
  }

  /** @param {Case} one */
  async #decide(one) {
    if (!(await decide(one))) return;
    // With it, everything about the same thing is closed.
    this.listing?.reload();
    await this.updateComplete;
    this.querySelector('h1')?.focus();
  }

  #reports() {
    return html`
      ${tabs(t('staff.reports'), STATUSES.map((one) => ({ href: `/admin/reports?status=${one}`, word: t(`staff.${one}`) })), `/admin/reports?status=${this.status}`)}
      ${this.listing ? list(this.listing, (one) => caseRow(one, () => this.#decide(one)), { label: t('staff.reports'), empty: t(`staff.none-${this.status}`), icon: 'shield' }) : nothing}
    `;
  }

  /** @param {Act} act */
  #act({ actor, action, subject_kind: kind, subject_id: subject, note, created_at: at }) {
    const place = placeOf(kind, subject);
    const free = () => takeBack({ id: subject }, { action: 'unsuspend' }, t('staff.freed')).then(() => this.listing?.reload());
    return html`
      <li class="act">
        <p><b>${t(`staff.did-${action}`)}</b> ${place ? html`<a href=${place}><code>${kind} ${subject}</code></a>` : html`<code>${kind} ${subject}</code>`}</p>
        ${note ? html`<p>${note}</p>` : nothing}
        <p class="small"><time datetime=${at} title=${fullTime(at)}>${ago(at)}</time> · ${actor ? who(actor) : t('staff.terminal')}</p>
        ${action === 'suspend' ? html`<div class="row"><button type="button" class="button" @click=${free}>${icon('undo')}${t('staff.do-unsuspend')}</button></div>` : nothing}
      </li>
    `;
  }

  #content() {
    if (this.section === 'reports') return this.#reports();
    if (this.section === 'log') return this.listing ? list(this.listing, (act) => this.#act(act), { label: t('staff.log'), empty: t('staff.no-acts'), icon: 'shield' }) : nothing;
    return html`<mc-overview></mc-overview>`;
  }

  render() {
    if (!session.me?.staff) {
      this.named(t('staff.nothing'));
      return html`
        <main class="page quiet-page">
          <span class="emblem">${icon('shield')}</span>
          <h1>${t('staff.nothing')}</h1>
          <p class="lead">${t('staff.nothing-why')}</p>
          <div class="row"><a class="button" href="/">${icon('home')}${t('nav.home')}</a></div>
        </main>
      `;
    }
    this.named(t('staff.title'));
    return html`
      <main class="page staff">
        <h1 tabindex="-1">${t('staff.title')}</h1>
        ${tabs(t('staff.title'), SECTIONS.map((one) => ({ href: one === 'overview' ? '/admin' : `/admin/${one}`, word: t(`staff.${one}`) })), this.section === 'overview' ? '/admin' : `/admin/${this.section}`)}
        ${this.#content()}
      </main>
    `;
  }
}

customElements.define('mc-admin', Admin);
