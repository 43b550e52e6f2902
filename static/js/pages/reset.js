// A forgotten password: a link by mail, and what it opens.

import { Refusal, ask } from '../api.js';
import { t } from '../i18n.js';
import { html } from '../lit.js';
import { go } from '../router.js';
import { Form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';

class Reset extends Page {
  static properties = { ...Page.properties, sent: { state: true }, over: { state: true } };

  constructor() {
    super();
    this.sent = false;
    /** Whether the link is used or too old. */
    this.over = false;
    this.form = new Form(this, { email: '', password: '' });
  }

  async #ask() {
    await ask('/password-resets', { method: 'POST', body: { email: this.form.values.email.trim() }, anonymous: true });
    this.sent = true;
    await this.updateComplete;
    this.querySelector('h1')?.focus();
  }

  async #choose() {
    const path = `/password-resets/${encodeURIComponent(this.params.token ?? '')}`;
    try {
      await ask(path, { method: 'PUT', body: { password: this.form.values.password }, anonymous: true });
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'link')) throw error;
      this.over = true;
      return;
    }
    await go('/login?because=reset', { replace: true });
  }

  #new() {
    return html`
      <h1 tabindex="-1">${t('reset.new')}</h1>
      <p class="lead">${t('reset.new-lead')}</p>
      <form class="form" novalidate @submit=${this.form.submit(() => this.#choose())}>
        ${this.form.password({ name: 'password', label: t('account.new-password'), fresh: true, required: true })}
        ${this.form.trouble()} ${this.form.button(t('reset.choose'))}
      </form>
    `;
  }

  #over() {
    return html`
      <span class="emblem">${icon('link')}</span>
      <h1 tabindex="-1">${t('reset.over')}</h1>
      <p class="lead" role="alert">${t('reset.over-lead')}</p>
      <a class="button accent" href="/reset">${t('reset.another')}</a>
    `;
  }

  #sent() {
    return html`
      <span class="emblem">${icon('mail')}</span>
      <h1 tabindex="-1">${t('reset.sent')}</h1>
      <p class="lead">${t('reset.sent-lead', { email: this.form.values.email })}</p>
      <a class="button" href="/login">${t('reset.back')}</a>
    `;
  }

  #request() {
    return html`
      <h1 tabindex="-1">${t('reset.title')}</h1>
      <p class="lead">${t('reset.lead')}</p>
      <form class="form" novalidate @submit=${this.form.submit(() => this.#ask())}>
        ${this.form.field({ name: 'email', label: t('account.email'), type: 'email', autocomplete: 'email', inputmode: 'email', required: true, maxlength: 254 })}
        ${this.form.trouble()} ${this.form.button(t('reset.send'))}
      </form>
      <p><a href="/login">${t('reset.back')}</a></p>
    `;
  }

  render() {
    this.named(t(this.params.token ? 'reset.new' : 'reset.title'));
    const content = this.over ? this.#over() : this.params.token ? this.#new() : this.sent ? this.#sent() : this.#request();
    return html`<main class="page card">${content}</main>`;
  }
}

customElements.define('mc-reset', Reset);
