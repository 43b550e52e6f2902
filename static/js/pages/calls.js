// Calls that one made and got, newest first. Only oneself sees them.

import '../calls/button.js';
import { current, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { ago, fullTime } from '../people/ago.js';
import { rings } from '../calls/ringing.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { Listing, list } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { face, profileOf } from '../ui/person.js';

/** @import { Ring } from '../calls/asks.js' */

/** How long somebody talked, in the two largest units. @param {number} seconds */
function duration(seconds) {
  const parts = /** @type {const} */ ([['hour', Math.floor(seconds / 3_600)], ['minute', Math.floor(seconds / 60) % 60], ['second', seconds % 60]]);
  const shown = parts.filter(([, count]) => count > 0).slice(0, 2);
  const words = (shown.length ? shown : parts.slice(2)).map(([unit, count]) => new Intl.NumberFormat(current(), { style: 'unit', unit, unitDisplay: 'short' }).format(count));
  return words.join(' ');
}

class Calls extends Page {
  /** @type {Listing<Ring>} */
  #listing = new Listing('/me/calls');

  constructor() {
    super();
    watch(this, this.#listing);
  }

  connectedCallback() {
    super.connectedCallback();
    rings.addEventListener('change', this.#rung);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    rings.removeEventListener('change', this.#rung);
  }

  /** One that has just ended stands on top. */
  #rung = () => {
    if (!rings.value.pending) this.#listing.reload();
  };

  /** @param {Ring} call */
  #row({ user, direction, status, created_at: at, seconds }) {
    const missed = direction === 'incoming' && (status === 'missed' || status === 'canceled');
    const word = t(`calls.${direction}-${status}`);
    const what = html`
      ${user ? face(user) : html`<span class="emblem">${icon('person')}</span>`}
      <span class="row-person-name">
        <b>${user?.nickname ?? t('calls.gone')}</b>
        <small class="call-what" ?data-missed=${missed}>
          ${icon(direction)}<span>${word}${seconds === null ? nothing : html` · ${duration(seconds)}`} · <time datetime=${at} title=${fullTime(at)}>${ago(at)}</time></span>
        </small>
      </span>
    `;
    return html`
      <li class="row-person">
        ${user ? html`<a class="row-person-link" href=${profileOf(user)}>${what}</a>` : html`<span class="row-person-link">${what}</span>`}
        ${user ? html`<span class="row-person-actions"><mc-call-button .person=${user}></mc-call-button></span>` : nothing}
      </li>
    `;
  }

  render() {
    this.named(t('calls.title'));
    return html`
      <main class="page">
        <h1 tabindex="-1">${t('calls.title')}</h1>
        ${list(this.#listing, (call) => this.#row(call), {
          label: t('calls.title'),
          empty: html`${t('calls.none')} <a href="/friends">${t('calls.friends')}</a>`,
          icon: 'phone',
        })}
      </main>
    `;
  }
}

customElements.define('mc-calls', Calls);
