// In the call: the word for one's mood becomes a playlist, when one asks for it. A card beside the call tells how far it is and
// ends in a link to a tab of its own, so the call goes on. What was made is forgotten with the card.

import { freshKey, refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, need, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { fetchPlaylist, playlistAt } from '../playlists/asks.js';
import { beginMaking, followMaking, isOver, stopMaking } from '../playlists/making.js';
import { MOODS, moodWords } from '../playlists/mood-words.js';
import { rendered } from '../store.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';

/** @import { Mood } from '../messages.d.ts' */
/** @import { Making } from '../playlists/making.js' */

/** Why nothing is followed any more: somebody does not want it. */
const STOPPED = 'stopped';

/**
 * Asks the call's page to offer it. Nothing is sent by that.
 * @param {Element} from
 * @param {Mood | null | undefined} mood as one is seen right now
 */
export const bring = (from, mood) => from.dispatchEvent(new CustomEvent('bring', { bubbles: true, detail: mood }));

export class Bringing extends CallElement {
  static properties = { ...CallElement.properties, step: { state: true }, mood: { state: true }, making: { state: true }, away: { state: true } };

  #key = freshKey();
  #life = new AbortController();
  /** What had the focus before. @type {Element | null} */
  #opener = null;

  constructor() {
    super();
    /** @type {'none' | 'asks' | 'makes' | 'done' | 'failed'} */
    this.step = 'none';
    /** The word that it is made of; none: one of all. @type {Mood | ''} */
    this.mood = '';
    /** @type {Making | null} */
    this.making = null;
    /** What came of it. @type {{id: string, title: string} | null} */
    this.made = null;
    this.trouble = '';
    /** Put aside while it is made: it comes back with what came of it. */
    this.away = false;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#life.abort();
  }

  /**
   * Asks whether it shall be made. What is being made already is shown instead.
   * @param {Mood | null | undefined} mood
   */
  async offer(mood) {
    this.#opener = document.activeElement;
    if (this.step === 'makes') {
      this.away = false;
    } else {
      // A server that cannot be reached has the words as little as the songs.
      await need(['playlists']).catch(() => {});
      this.mood = MOODS.find((one) => one === mood) ?? '';
      this.step = 'asks';
    }
    // Where there is little room, the two would lie upon each other.
    if (this.call.value.panel === 'effects') {
      this.#opener = document.getElementById('open-effects');
      this.call.open(null);
    }
    this.#focus();
  }

  async #focus() {
    await rendered();
    this.querySelector('h2')?.focus();
  }

  /** @param {Mood} mood */
  async #make(mood) {
    this.mood = mood;
    this.making = null;
    this.away = false;
    this.step = 'makes';
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.#focus();
    try {
      const begun = await beginMaking({ kind: 'call', mood }, this.#key);
      // Stopped before there was anything to stop. Where only the call is over, it is made all the same.
      if (signal.reason === STOPPED) return void (await stopMaking(begun.id).catch(() => {}));
      this.making = begun;
      this.#tell(begun.id);
      await followMaking(begun.id, (making) => (this.making = making), signal);
      if (signal.aborted) return;
      await this.#over();
    } catch (error) {
      if (!signal.aborted) this.#fail(explain(refusal(error)));
    }
  }

  async #over() {
    const { making } = this;
    if (!making || !isOver(making)) return;
    if (making.status === 'canceled') {
      this.#tell('');
      return this.#close();
    }
    if (making.status !== 'done' || !making.playlist_id) return this.#fail(explain({ code: making.problem ?? 'internal', detail: '' }));
    const { id, title } = await fetchPlaylist(making.playlist_id);
    this.made = { id, title };
    this.#key = freshKey();
    this.away = false;
    this.step = 'done';
    announce(t('bring.done'));
  }

  /**
   * Says what is being made to whoever is there after the call; nothing: there is nothing any more.
   * @param {string} making
   */
  #tell(making) {
    this.dispatchEvent(new CustomEvent('brought', { bubbles: true, detail: making }));
  }

  /** @param {string} trouble */
  #fail(trouble) {
    this.#tell('');
    this.trouble = trouble;
    // Once more is another request.
    this.#key = freshKey();
    this.away = false;
    this.step = 'failed';
  }

  async #stop() {
    const { making } = this;
    this.#life.abort(STOPPED);
    this.#key = freshKey();
    this.#tell('');
    this.#close();
    if (!making) return;
    try {
      await stopMaking(making.id);
    } catch (error) {
      const why = refusal(error);
      // It was done a moment earlier than it was stopped.
      if (why.status !== 404 && why.status !== 409) this.call.moments.toast(explain(why), 'warn');
    }
  }

  /** Puts the card away, and what is being made aside. */
  async #close() {
    if (this.step === 'makes' && !this.#life.signal.aborted && !(this.making && isOver(this.making))) this.away = true;
    else this.step = 'none';
    const within = this.contains(document.activeElement);
    await rendered();
    if (!within && document.activeElement !== document.body) return;
    const back = this.#opener?.isConnected ? this.#opener : document.getElementById('open-effects');
    if (back instanceof HTMLElement) back.focus();
  }

  #asks() {
    const { mood } = this;
    if (!mood) return html`<p class="small">${t('bring.which-why')}</p>${moodWords((one) => this.#make(one))}`;
    return html`
      <p class="bringing-mood" data-aura=${mood}>${icon(mood)}<b>${t(`mood.${mood}`)}</b></p>
      <p class="small">${t('bring.now-why', { mood: t(`mood.${mood}`) })}</p>
      <div class="row">
        <button type="button" class="button accent" @click=${() => this.#make(mood)}>${icon('music')}${t('wizard.make')}</button>
        <button type="button" class="button quiet" @click=${() => (this.mood = '')}>${t('bring.other')}</button>
      </div>
    `;
  }

  #makes() {
    const { making } = this;
    const word = making?.step ? t(`making.${making.step}`) : t(making?.status === 'waiting' ? 'making.waiting' : 'making.working');
    return html`
      <p class="small" role="status">${word}</p>
      <progress max="1" value=${making?.progress ?? 0} aria-label=${t('making.progress')}></progress>
      <div class="row"><button type="button" class="button" @click=${this.#stop}>${t('making.stop')}</button></div>
    `;
  }

  #body() {
    const { step, made, mood } = this;
    if (step === 'asks') return this.#asks();
    if (step === 'makes') return this.#makes();
    if (step === 'done' && made) {
      return html`
        <p class="bringing-made"><b>${made.title}</b></p>
        <div class="row"><a class="button accent" href=${`${playlistAt(made.id)}/summary`} target="_blank" rel="noopener">${icon('music')}${t('bring.open')}</a></div>
      `;
    }
    return html`
      <p class="note warn" role="alert">${icon('warn')}<span>${this.trouble}</span></p>
      <div class="row"><button type="button" class="button" @click=${() => mood && this.#make(mood)}>${t('making.again')}</button></div>
    `;
  }

  render() {
    const { step, mood } = this;
    if (step === 'none' || this.away) return nothing;
    const title = { asks: mood ? 'bring.now' : 'bring.which', makes: 'making.title', done: 'bring.done', failed: 'making.failed' }[step];
    return html`
      <section class="bringing" aria-labelledby="bringing" data-step=${step} @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && this.#close()}>
        <header>
          <h2 id="bringing" tabindex="-1">${t(title)}</h2>
          <button type="button" class="button quiet round" aria-label=${t('dismiss')} title=${t('dismiss')} @click=${this.#close}>${icon('close')}</button>
        </header>
        ${this.#body()}
      </section>
    `;
  }
}

customElements.define('mc-bringing', Bringing);
