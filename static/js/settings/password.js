// A new password, which ends every other log-in.

import { Refusal, ask } from '../api.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { session } from '../session.js';
import { Form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';

/** The fields of what the server names. */
const NAMES = { '/current': 'current_password', '/new': 'new_password' };
const EMPTY = { current_password: '', new_password: '' };

class Password extends Page {
  static properties = { ...Page.properties, done: { state: true } };

  constructor() {
    super();
    this.done = false;
    this.form = new Form(this, EMPTY);
  }

  async #change() {
    const { current_password: before, new_password: after } = this.form.values;
    this.done = false;
    try {
      await ask('/me/password', { method: 'PUT', body: { current: before, new: after } });
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'credentials')) throw error;
      return this.form.reject({ current_password: t('set.password-wrong') });
    }
    this.form.values = { ...EMPTY };
    this.done = true;
    this.dispatchEvent(new CustomEvent('log-ins', { bubbles: true }));
  }

  async #send() {
    await ask('/password-resets', { method: 'POST', body: { email: session.me?.email } });
    this.done = true;
  }

  /** Who logged in elsewhere so far proves once more who they are: by a link to their address. */
  #first() {
    return html`
      <p class="small">${t('set.password-first-why')}</p>
      <form class="form" novalidate @submit=${this.form.submit(() => this.#send())}>
        ${this.form.trouble()} ${this.form.button(t('reset.send'), { look: '' })}
      </form>
    `;
  }

  /** @param {import('../session.js').Me} me */
  #another(me) {
    return html`
      <p class="small">${t('set.password-why')}</p>
      <form class="form" novalidate @submit=${this.form.submit(() => this.#change(), NAMES)}>
        <input class="unseen" type="text" autocomplete="username" .value=${me.email} tabindex="-1" aria-hidden="true" readonly />
        ${this.form.password({ name: 'current_password', label: t('account.current-password'), required: true })}
        ${this.form.password({ name: 'new_password', label: t('account.new-password'), fresh: true, required: true, about: [me.email, me.nickname, me.handle] })}
        ${this.form.trouble()} ${this.form.button(t('set.password-go'), { look: 'accent' })}
      </form>
    `;
  }

  render() {
    const { me } = session;
    if (!me) return nothing;
    const done = t(me.has_password ? 'set.password-done' : 'set.password-sent', { email: me.email });
    return html`
      <section class="section" aria-labelledby="set-password">
        <h2 id="set-password">${t(me.has_password ? 'set.password' : 'set.password-first')}</h2>
        ${me.has_password ? this.#another(me) : this.#first()}
        <div role="status">${this.done ? html`<p class="note">${icon('check')}<span>${done}</span></p>` : nothing}</div>
      </section>
    `;
  }
}

customElements.define('mc-set-password', Password);
