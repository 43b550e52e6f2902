// Logging in, and on to where one wanted to go.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { go, within } from '../router.js';
import { session } from '../session.js';
import { Form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toasts.js';
import '../ui/providers.js';

/** Why somebody may have been sent here, with words of their own. */
const REASONS = ['reset', 'deleted', 'provider', 'taken', 'forbidden'];

class LogIn extends Page {
  constructor() {
    super();
    this.next = within(this.query.get('next'));
    this.form = new Form(this, { login: '', password: '', remember: true });
  }

  connectedCallback() {
    super.connectedCallback();
    // Whoever is logged in already, here or by another tab, has nothing to do here.
    const onward = () => session.me && this.isConnected && go(this.next, { replace: true });
    session.addEventListener('change', onward);
    queueMicrotask(onward);
  }

  async #logIn() {
    const { login, password, remember } = this.form.values;
    const { restored } = await session.logIn(login.trim(), password, remember);
    if (restored) toast(t('log-in.restored'));
  }

  #reason() {
    const reason = this.query.get('problem') ?? this.query.get('because');
    if (!reason || !REASONS.includes(reason)) return nothing;
    return html`<p class="note" role="status">${icon('info')}<span>${t(`log-in.because-${reason}`)}</span></p>`;
  }

  render() {
    this.named(t('log-in.title'));
    return html`
      <main class="page card">
        <h1>${t('log-in.title')}</h1>
        ${this.#reason()}
        <form class="form" novalidate @submit=${this.form.submit(() => this.#logIn())}>
          ${this.form.field({ name: 'login', label: t('log-in.login'), autocomplete: 'username', required: true, maxlength: 254 })}
          ${this.form.password({ name: 'password', label: t('account.password'), required: true })}
          ${this.form.check({ name: 'remember', label: t('log-in.remember') })}
          ${this.form.trouble()} ${this.form.button(t('log-in.go'))}
        </form>
        <p><a href="/reset">${t('log-in.forgotten')}</a></p>
        <mc-providers .next=${this.next}></mc-providers>
        <p class="small">${t('log-in.new')} <a href="/signup">${t('nav.sign-up')}</a></p>
      </main>
    `;
  }
}

customElements.define('mc-log-in', LogIn);
