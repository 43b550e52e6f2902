// In the evening somebody may be asked how the day was: one sentence becomes a playlist. Once a day, and "not today" is heard.

import { freshKey } from '../api.js';
import { t, language } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { browser } from '../memory.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { Form } from '../ui/form.js';
import { MOST_MOOD, beginMaking, keepAnswers, recallAnswers } from './making.js';
import { moodField } from './mood-field.js';

/** From this hour until midnight, by the clock of whoever looks. */
const EVENING = 18;

/** @param {Date} at */
const dayOf = (at) => [at.getFullYear(), at.getMonth() + 1, at.getDate()].join('-');

/** @param {string} user */
const key = (user) => `evening.${user}`;

/**
 * Whether somebody is to be asked now.
 * @param {string} user
 * @param {Date} [now]
 */
export const isAsked = (user, now = new Date()) => now.getHours() >= EVENING && browser.recall(key(user), '') !== dayOf(now);

/** Not again today. @param {string} user */
export const enough = (user) => browser.keep(key(user), dayOf(new Date()));

/** The question itself. Event `later` when it is not to be asked again today. */
class Evening extends Element {
  static properties = { heading: {}, skips: { type: Boolean } };

  #key = freshKey();

  constructor() {
    super();
    /** Whether it says of itself what it is: not where the page does. */
    this.heading = true;
    /** Whether one can say "not today". */
    this.skips = false;
    this.user = session.me?.id ?? '';
    this.form = new Form(this, { mood: recallAnswers(`${this.user}.event`).mood });
    watch(this, language);
  }

  /** @param {string} text */
  #typed(text) {
    this.form.set('mood', text);
    keepAnswers(`${this.user}.event`, { mood: text, genre: '', decade: 0 });
  }

  async #send() {
    const mood = this.form.values.mood.normalize('NFC').trim();
    if (!mood) return this.form.reject({ mood: t('wizard.mood-needed') });
    if ([...mood].length > MOST_MOOD) return this.form.reject({ mood: t('wizard.mood-long', { most: MOST_MOOD }) });
    const making = await beginMaking({ kind: 'event', mood_text: mood }, this.#key);
    enough(this.user);
    await go(`/playlists/making/${making.id}`);
  }

  #later() {
    enough(this.user);
    this.dispatchEvent(new CustomEvent('later'));
  }

  render() {
    return html`
      ${this.heading ? html`<h2 id="evening">${t('evening.title')}</h2>` : nothing}
      <p class="lead">${t('evening.lead')}</p>
      <form class="form" novalidate @submit=${this.form.submit(() => this.#send(), { '/mood_text': 'mood' })}>
        ${moodField(this.form, { label: t('evening.title'), hint: t('evening.hint'), input: (text) => this.#typed(text) })} ${this.form.trouble()}
        <div class="row">
          ${this.form.button(t('wizard.make'), { look: 'accent' })}
          ${this.skips ? html`<button type="button" class="button quiet" @click=${this.#later}>${t('evening.not-today')}</button>` : nothing}
        </div>
      </form>
    `;
  }
}

customElements.define('mc-evening', Evening);

/** The question on the first page: there in the evening, gone for the day once it was answered or put off. */
class EveningCard extends Element {
  static properties = { asked: { state: true } };

  #timer = 0;

  constructor() {
    super();
    this.asked = false;
    watch(this, language);
    watch(this, session);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#look();
    // A page may lie open until the evening comes, or until it is over.
    this.#timer = window.setInterval(() => this.#look(), 60_000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  willUpdate() {
    this.#look();
  }

  #look() {
    this.asked = session.me !== null && isAsked(session.me.id);
  }

  async #later() {
    this.asked = false;
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (document.querySelector('main h1'))?.focus();
  }

  render() {
    if (!this.asked) return nothing;
    return html`<section class="evening" aria-labelledby="evening"><mc-evening skips @later=${this.#later}></mc-evening></section>`;
  }
}

customElements.define('mc-evening-card', EveningCard);
