// The call's page: people in the middle, one bar below, one panel beside, and what floats above.

import { followShortcuts } from '../call/shortcuts.js';
import { sends } from '../call/roster.js';
import '../call/soundtrack-strip.js';
import { t } from '../i18n.js';
import { html, nothing, repeat } from '../lit.js';
import { browser } from '../memory.js';
import { CallElement } from './element.js';
import { Inset } from './inset.js';
import { icon } from './icons.js';
import './bar.js';
import { Bringing } from './bringing.js';
import './knocks.js';
import './panel.js';
import './tile.js';
import './tray.js';
import './waiting.js';

/** @import { Person } from '../call/roster.js' */

const COUNT_EVERY_MS = 1_000;

class CallPage extends CallElement {
  static properties = { beside: { state: true } };

  constructor() {
    super();
    /** Two people side by side, rather than oneself small in a corner. */
    this.beside = browser.recall('beside', false);
    this.inset = new Inset(this);
  }

  connectedCallback() {
    super.connectedCallback();
    this.forget = followShortcuts(this.call);
    this.ticking = setInterval(() => this.call.value.lostSince && this.requestUpdate(), COUNT_EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.forget?.();
    clearInterval(this.ticking);
  }

  /** @param {Person} person */
  #tile(person) {
    const { me, streams, bursts } = this.call.value;
    const own = person.id === me;
    const { media } = this.call;
    const processed = own ? streams.get(me)?.getVideoTracks()[0] : undefined;
    const seesProcessed = processed !== undefined && !processed.muted;
    const shows = own
      ? Boolean(media.track('video'))
      : sends(person, 'video') && Boolean(streams.get(person.id)?.getVideoTracks().length);
    return html`
      <mc-tile
        .call=${this.call}
        .person=${person}
        .own=${own}
        .stream=${own && !seesProcessed ? media.value.stream : streams.get(person.id)}
        .shows=${shows}
        .audible=${own ? media.wants('audio') && Boolean(media.track('audio')) : sends(person, 'audio')}
        .bursts=${bursts.filter((burst) => burst.participant === person.id)}
      ></mc-tile>
    `;
  }

  #stage() {
    const { people, me } = this.call.value;
    const own = people.find((person) => person.id === me);
    const others = people.filter((person) => person.id !== me);
    const inset = others.length === 1 && !this.beside;
    const order = inset && own ? [...others, own] : [...others, ...(own ? [own] : [])];
    return html`
      <div class="stage" data-people=${people.length} data-inset=${inset} data-corner=${this.inset.corner}>
        ${repeat(order, (person) => person.id, (person) => this.#tile(person))}
        ${others.length === 0 && own ? html`<mc-waiting .call=${this.call}></mc-waiting>` : nothing}
        ${others.length === 1
          ? html`<button
              class="button round glass arrange"
              aria-label=${t('call.beside')}
              aria-pressed=${this.beside}
              title=${t('call.beside')}
              @click=${this.#arrange}
            >
              ${icon(this.beside ? 'inset' : 'beside')}
            </button>`
          : nothing}
      </div>
    `;
  }

  #arrange() {
    this.beside = !this.beside;
    browser.keep('beside', this.beside);
  }

  #banner() {
    const { lostSince } = this.call.value;
    if (!lostSince) return nothing;
    const seconds = Math.max(0, Math.round((Date.now() - lostSince) / 1000));
    return html`<p class="banner">${icon('away')}<span>${t('reconnect.banner', { seconds })}</span></p>`;
  }

  #toasts() {
    const { toasts, silenced } = this.call.value;
    return html`
      <div class="toasts">
        <mc-knocks .call=${this.call}></mc-knocks>
        ${silenced
          ? html`<div class="toast"><span>${t('call.silenced')}</span><button class="button quiet" @click=${this.#unsilence}>${t('call.hear')}</button></div>`
          : nothing}
        ${repeat(
          toasts,
          (toast) => toast.id,
          (toast) => html`
            <div class="toast" data-tone=${toast.tone}>
              ${toast.tone === 'warn' ? icon('warn') : nothing}<span>${toast.text}</span>
              <button class="button quiet round" aria-label=${t('dismiss')} @click=${() => this.call.moments.dismiss(toast.id)}>${icon('close')}</button>
            </div>
          `,
        )}
      </div>
    `;
  }

  /** @param {CustomEvent} event */
  #bring({ detail }) {
    const card = this.querySelector('mc-bringing');
    if (card instanceof Bringing) card.offer(detail);
  }

  #unsilence() {
    this.call.set({ silenced: false });
    this.call.levels.resume();
    // One gesture is enough for everything.
    if (this.call.soundtrack.value.blocked) this.call.soundtrack.unblock();
    for (const video of this.querySelectorAll('video')) video.play().catch(() => {});
  }

  render() {
    const { panel, phase, lostSince } = this.call.value;
    return html`
      <main class="call" data-panel=${panel ?? 'none'} ?data-lost=${lostSince !== null} @bring=${this.#bring}>
        <h1 class="unseen">${t('call.title')}</h1>
        ${phase === 'joining' ? html`<p class="joining" role="status">${t('call.joining')}</p>` : this.#stage()}
        <mc-soundtrack .call=${this.call}></mc-soundtrack>
        ${this.#banner()}
        <mc-tray .call=${this.call}></mc-tray>
        <mc-bringing .call=${this.call}></mc-bringing>
        ${this.#toasts()}
        <mc-bar .call=${this.call}></mc-bar>
        <mc-panel .call=${this.call}></mc-panel>
      </main>
    `;
  }
}

customElements.define('mc-call', CallPage);
