// After the call, or instead of it: what happened, what was kept, what to do now.

import { t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import '../playlists/bring.js';
import { session } from '../session.js';
import { icon } from './icons.js';
import './chooser.js';

/** Reasons with words of their own; anything else is told in general terms. */
const KNOWN = ['left', 'hung-up', 'kicked', 'replaced', 'room-full', 'room-gone', 'forbidden', 'invite-needed', 'offline', 'draining', 'version', 'too-many'];
/** Where coming back makes sense. */
const RETURN = ['left', 'hung-up', 'replaced', 'room-full', 'offline', 'draining', 'internal', 'version', 'too-many'];
/** There was a call, and it ended as calls do. */
const CALLED = ['left', 'hung-up'];

class Farewell extends Element {
  static properties = { code: {}, brought: {} };

  constructor() {
    super();
    this.code = '';
    /** What the call's mood is being made into, or was. */
    this.brought = '';
  }

  firstUpdated() {
    this.querySelector('h1')?.focus();
  }

  #again() {
    if (this.code === 'version') location.reload();
    else this.dispatchEvent(new CustomEvent('again'));
  }

  #songs() {
    if (this.brought) {
      const path = `/playlists/making/${this.brought}`;
      return html`<p><a class="button" href=${path}>${icon('music')}${t('bring.made')}</a></p>`;
    }
    return CALLED.includes(this.code) && session.me ? html`<mc-bring></mc-bring>` : nothing;
  }

  render() {
    const reason = KNOWN.includes(this.code) ? this.code : 'internal';
    return html`
      <header class="top">
        <a class="brand" href="/"><img src="/static/favicon.svg" alt="" width="32" height="32" />Moodcall</a>
        <mc-chooser></mc-chooser>
      </header>
      <main class="farewell" data-code=${this.code}>
        <span class="emblem">${icon(['left', 'hung-up'].includes(reason) ? 'hand' : 'info')}</span>
        <h1 tabindex="-1">${t(`end.${reason}`)}</h1>
        <p class="lead">${t(`end.${reason}-why`)}</p>
        <div class="row">
          ${RETURN.includes(this.code)
            ? html`<button class="button accent" @click=${this.#again}>${t(`end.again`)}</button>`
            : nothing}
          <a class="button" href="/">${t('end.home')}</a>
        </div>
        ${this.#songs()}
      </main>
    `;
  }
}

customElements.define('mc-farewell', Farewell);
