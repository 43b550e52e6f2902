// Where one is logged in, and the way to end each.

import { ask, refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { watch } from '../store.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { day } from '../ui/day.js';

/** @typedef {{id: string, method: string, user_agent: string, address: string, created_at: string, used_at: string, current: boolean}} LogIn */

/** What a browser calls itself, in the order in which the names must be looked for. */
const BROWSERS = /** @type {const} */ ([[/Edg/, 'Edge'], [/OPR|Opera/, 'Opera'], [/SamsungBrowser/, 'Samsung Internet'], [/Whale/, 'Whale'], [/Firefox|FxiOS/, 'Firefox'], [/Chrome|CriOS/, 'Chrome'], [/Safari/, 'Safari']]);
const SYSTEMS = /** @type {const} */ ([[/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux']]);

/** @param {string} agent */
function device(agent) {
  const name = (/** @type {readonly (readonly [RegExp, string])[]} */ known) => known.find(([pattern]) => pattern.test(agent))?.[1];
  return [name(BROWSERS), name(SYSTEMS)].filter(Boolean).join(' · ') || agent.slice(0, 40) || t('set.device-unknown');
}

class LogIns extends Page {
  static properties = { ...Page.properties, trouble: { state: true } };

  /** @type {Listing<LogIn>} */
  #listing = new Listing('/sessions');

  constructor() {
    super();
    this.trouble = '';
    watch(this, this.#listing);
    this.reload = () => this.#listing.reload();
  }

  connectedCallback() {
    super.connectedCallback();
    this.parentElement?.addEventListener('log-ins', this.reload);
  }

  /** @param {LogIn} logIn */
  async #end(logIn) {
    this.trouble = '';
    try {
      await ask(`/sessions/${logIn.id}`, { method: 'DELETE' });
      if (logIn.current) session.ended();
      else this.#listing.remove(logIn.id);
    } catch (error) {
      this.trouble = explain(refusal(error));
    }
  }

  /** @param {LogIn} logIn */
  #row(logIn) {
    const name = device(logIn.user_agent);
    return html`
      <li class="row-person">
        <span class="row-person-link">
          <span class="emblem-small">${icon('device')}</span>
          <span class="row-person-name">
            <b>${name}</b>
            <small>${logIn.current ? html`<strong class="here">${t('set.this-device')}</strong> · ` : nothing}${t('set.used', { when: day(logIn.used_at), address: logIn.address })}</small>
          </span>
        </span>
        <span class="row-person-actions">
          <button class="button" @click=${() => this.#end(logIn)}>${t(logIn.current ? 'nav.log-out' : 'set.end')}<span class="unseen"> ${name}</span></button>
        </span>
      </li>
    `;
  }

  render() {
    return html`
      <section class="section" aria-labelledby="set-log-ins">
        <h2 id="set-log-ins" tabindex="-1">${t('set.log-ins')}</h2>
        <div class="full">${list(this.#listing, (logIn) => this.#row(logIn), { label: t('set.log-ins') })}</div>
        <div role="alert">${this.trouble ? html`<p class="note warn">${icon('warn')}<span>${this.trouble}</span></p>` : nothing}</div>
      </section>
    `;
  }
}

customElements.define('mc-set-log-ins', LogIns);
