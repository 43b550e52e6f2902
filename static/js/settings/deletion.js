// The end of an account: what goes, when, and how it can still be taken back.

import { ask, refusal } from '../api.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { date } from '../ui/day.js';
import { Form } from '../ui/form.js';
import { Page } from '../ui/page.js';

/** How long it can be taken back by logging in, in days. */
const GRACE_DAYS = 14;
const DAY_MS = 86_400_000;
const POINTS = ['hidden', 'log-ins', 'back', 'gone', 'mail'];

class Deletion extends Page {
  static properties = { ...Page.properties, asked: { state: true } };

  constructor() {
    super();
    this.asked = false;
    this.form = new Form(this, { password: '', handle: '' });
  }

  async #begin() {
    this.asked = true;
    await this.updateComplete;
    this.querySelector('input')?.focus();
  }

  async #delete() {
    const { password, handle } = this.form.values;
    const { me } = session;
    if (!me) return;
    const body = me.has_password ? { password } : { confirm: handle.trim() };
    try {
      await ask('/me', { method: 'DELETE', body });
    } catch (error) {
      // Without a password, only whoever has just logged in is believed.
      const { code } = refusal(error);
      if (code === 'credentials') return this.form.reject({ password: t('set.password-wrong') });
      if (code === 'login-needed') return this.form.reject({}, t('delete.log-in-again'));
      throw error;
    }
    session.ended();
    await go('/login?because=deleted', { replace: true });
  }

  #form() {
    return html`
      <form class="form" novalidate @submit=${this.form.submit(() => this.#delete(), { '/confirm': 'handle' })}>
        ${session.me?.has_password
          ? this.form.password({ name: 'password', label: t('delete.password'), required: true })
          : this.form.field({ name: 'handle', label: t('delete.handle', { handle: session.me?.handle ?? '' }), required: true })}
        ${this.form.trouble()}
        <div class="row">
          ${this.form.button(t('delete.go'), { look: 'danger' })}
          <button type="button" class="button" @click=${() => (this.asked = false)}>${t('delete.keep')}</button>
        </div>
      </form>
    `;
  }

  render() {
    if (!session.me) return nothing;
    const ends = date(new Date(Date.now() + GRACE_DAYS * DAY_MS));
    return html`
      <section class="section" aria-labelledby="set-deletion">
        <h2 id="set-deletion">${t('delete.title')}</h2>
        <ul class="points">${POINTS.map((point) => html`<li>${t(`delete.${point}`, { days: GRACE_DAYS, when: ends })}</li>`)}</ul>
        ${this.asked ? this.#form() : html`<button class="button" @click=${this.#begin}>${t('delete.begin')}</button>`}
      </section>
    `;
  }
}

customElements.define('mc-set-deletion', Deletion);
