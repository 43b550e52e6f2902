// A new playlist in three questions, one a page. Each page is an address of its own, so that the browser's back goes back one
// question; what was answered is kept in this browser until it has become a playlist.

import { freshKey } from '../api.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { GENRES } from '../people/genres.js';
import { DECADES } from '../playlists/asks.js';
import { MOST_MOOD, beginMaking, keepAnswers, recallAnswers } from '../playlists/making.js';
import { moodField } from '../playlists/mood-field.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { Form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';

const STEPS = /** @type {const} */ (['mood', 'genre', 'decade']);

/** @param {number} index */
const addressOf = (index) => (index ? `/playlists/new?step=${STEPS[index]}` : '/playlists/new');

class PlaylistNew extends Page {
  #key = freshKey();

  constructor() {
    super();
    this.user = session.me?.id ?? '';
    const answers = recallAnswers(this.user);
    const wanted = Math.max(0, STEPS.findIndex((step) => step === this.query.get('step')));
    // Nobody is asked for what comes after a question that has no answer yet.
    this.step = !answers.mood.trim() ? 0 : !answers.genre ? Math.min(wanted, 1) : wanted;
    this.form = new Form(this, { ...answers, genre: answers.genre || session.me?.genres[0] || GENRES[0] });
  }

  firstUpdated() {
    const field = this.querySelector('textarea') ?? this.querySelector('input:checked');
    /** @type {HTMLElement | null} */ (field)?.focus();
    if (field instanceof HTMLTextAreaElement) field.setSelectionRange(field.value.length, field.value.length);
  }

  get #answers() {
    const { mood, genre, decade } = this.form.values;
    return { mood, genre, decade };
  }

  /**
   * @param {'mood' | 'genre' | 'decade'} name
   * @param {string | number} value
   */
  #set(name, value) {
    this.form.set(name, value);
    keepAnswers(this.user, this.#answers);
  }

  async #next() {
    const { mood, genre, decade } = this.#answers;
    if (!mood.trim()) return this.form.reject({ mood: t('wizard.mood-needed') });
    if ([...mood.normalize('NFC').trim()].length > MOST_MOOD) return this.form.reject({ mood: t('wizard.mood-long', { most: MOST_MOOD }) });
    keepAnswers(this.user, this.#answers);
    if (this.step < STEPS.length - 1) return go(addressOf(this.step + 1));
    const making = await beginMaking({ kind: 'wizard', mood_text: mood.trim(), genre, decade: decade || null }, this.#key);
    await go(`/playlists/making/${making.id}`, { replace: true });
  }

  /**
   * @param {'genre' | 'decade'} name
   * @param {{value: string | number, word: string}[]} choices
   */
  #choice(name, choices) {
    const chosen = this.form.values[name];
    return html`
      <div class="wizard-choices" role="radiogroup" aria-labelledby="question">
        ${choices.map(
          ({ value, word }) => html`
            <label class="wizard-choice">
              <input type="radio" name=${name} value=${value} .checked=${value === chosen} @change=${() => this.#set(name, value)} />
              <span>${word}</span>
            </label>
          `,
        )}
      </div>
    `;
  }

  #question() {
    if (this.step === 0) return moodField(this.form, { label: t('wizard.mood'), hint: t('wizard.mood-hint'), input: (text) => this.#set('mood', text) });
    if (this.step === 1) return this.#choice('genre', GENRES.map((genre) => ({ value: genre, word: t(`genre.${genre}`) })));
    return this.#choice('decade', [
      { value: 0, word: t('wizard.any-decade') },
      ...DECADES.map((decade) => ({ value: decade, word: t('song.decade', { decade }) })),
    ]);
  }

  render() {
    const { step } = this;
    const last = step === STEPS.length - 1;
    this.named(t('wizard.title'));
    return html`
      <main class="page wizard">
        <ol class="wizard-steps" aria-label=${t('wizard.steps')}>
          ${STEPS.map(
            (name, index) => html`<li aria-current=${index === step ? 'step' : 'false'} ?data-done=${index < step}>
              ${index < step ? html`<a href=${addressOf(index)}>${t(`wizard.${name}-short`)}</a>` : html`<span>${t(`wizard.${name}-short`)}</span>`}
            </li>`,
          )}
        </ol>
        <h1 id="question" tabindex="-1">${t(`wizard.${STEPS[step]}`)}</h1>
        <form class="form" novalidate @submit=${this.form.submit(() => this.#next(), { '/mood_text': 'mood', '/genre': 'genre', '/decade': 'decade' })}>
          ${this.#question()} ${this.form.trouble()}
          <div class="row wizard-row">
            ${step ? html`<a class="button" href=${addressOf(step - 1)}>${icon('earlier')}${t('wizard.back')}</a>` : nothing}
            ${this.form.button(t(last ? 'wizard.make' : 'wizard.next'))}
          </div>
        </form>
        ${step
          ? nothing
          : html`<p class="small">${t('wizard.machine')}</p>
              <p><a href="/playlists/new/empty">${t('wizard.by-hand')}</a></p>`}
      </main>
    `;
  }
}

customElements.define('mc-playlist-new', PlaylistNew);
