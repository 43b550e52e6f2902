// A playlist in the making: how far it is, and a way to stop it. The address alone is enough to come back to it.

import { Refusal, refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { playlistAt } from '../playlists/asks.js';
import { STEPS, followMaking, keepAnswers, stopMaking } from '../playlists/making.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { failed, loading } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toasts.js';

/** @import { Making } from '../playlists/making.js' */

/** Where each kind begins, to try it once more with what was said. */
const BEGINNINGS = { wizard: '/playlists/new', event: '/event', call: '/' };

class MakingPage extends Page {
  static properties = { ...Page.properties, making: { state: true }, trouble: { state: true }, stopping: { state: true } };

  #life = new AbortController();

  constructor() {
    super();
    /** @type {Making | null} */
    this.making = null;
    /** @type {Refusal | null} */
    this.trouble = null;
    this.stopping = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#life = new AbortController();
    this.#follow();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#life.abort();
  }

  async #follow() {
    this.trouble = null;
    try {
      await followMaking(this.params.id ?? '', (making) => this.#told(making), this.#life.signal);
    } catch (error) {
      this.trouble = refusal(error);
    }
  }

  /** @param {Making} making */
  #told(making) {
    this.making = making;
    if (making.status === 'canceled') this.#back(making);
    if (making.status !== 'done' || !making.playlist_id) return;
    // What was said has become a playlist.
    if (making.kind !== 'call') keepAnswers(`${session.me?.id ?? ''}${making.kind === 'event' ? '.event' : ''}`, null);
    go(`${playlistAt(making.playlist_id)}/summary`, { replace: true });
  }

  /** @param {Making} making */
  #back({ kind }) {
    go(BEGINNINGS[kind] ?? '/playlists/new', { replace: true });
  }

  async #stop() {
    const { making } = this;
    if (!making || this.stopping) return;
    this.stopping = true;
    try {
      await stopMaking(making.id);
      toast(t(making.kind === 'call' ? 'making.stopped' : 'making.stopped-kept'));
      this.#back(making);
    } catch (error) {
      const why = refusal(error);
      // It was done a moment earlier than it was stopped, and the line tells.
      if (why.status !== 404 && why.status !== 409) toast(explain(why), { tone: 'warn' });
    } finally {
      this.stopping = false;
    }
  }

  /** @param {Making} making */
  #failed({ kind, problem }) {
    const beginning = BEGINNINGS[kind] ?? '/playlists/new';
    return html`
      <main class="page quiet-page">
        <span class="emblem">${icon('warn')}</span>
        <h1 tabindex="-1">${t('making.failed')}</h1>
        <p class="lead">${explain({ code: problem ?? 'internal', detail: '' })} ${kind === 'call' ? nothing : t('making.kept')}</p>
        <div class="row"><a class="button accent" href=${beginning}>${t('making.again')}</a><a class="button" href="/playlists/new/empty">${t('wizard.by-hand')}</a></div>
      </main>
    `;
  }

  #gone() {
    return html`
      <main class="page quiet-page">
        <span class="emblem">${icon('music')}</span>
        <h1 tabindex="-1">${t('making.gone')}</h1>
        <p class="lead">${t('making.gone-why')}</p>
        <div class="row"><a class="button accent" href="/playlists/new">${t('shelf.new-one')}</a></div>
      </main>
    `;
  }

  render() {
    const { making, trouble } = this;
    this.named(t('making.title'));
    if (trouble?.status === 404) return this.#gone();
    if (trouble) return html`<main class="page">${failed(explain(trouble), () => this.#follow())}</main>`;
    if (!making) return html`<main class="page">${loading()}</main>`;
    if (making.status === 'failed') return this.#failed(making);
    const behind = making.step ? STEPS.indexOf(making.step) : Math.round(making.progress * STEPS.length);
    const word = making.step ? t(`making.${making.step}`) : t(making.status === 'waiting' ? 'making.waiting' : 'making.working');
    return html`
      <main class="page making" aria-busy="true">
        <div class="making-picture" aria-hidden="true"><i></i><i></i><i></i>${icon('music')}</div>
        <h1 tabindex="-1">${t('making.title')}</h1>
        <p class="lead" role="status">${word}</p>
        <progress max="1" value=${making.progress} aria-label=${t('making.progress')}></progress>
        <ol class="making-steps">
          ${STEPS.map((step, index) => html`<li data-state=${index < behind ? 'done' : index === behind ? 'now' : 'later'}>${index < behind ? icon('check') : nothing}<span>${t(`making.${step}`)}</span></li>`)}
        </ol>
        <div class="row"><button type="button" class="button" ?disabled=${this.stopping} @click=${this.#stop}>${t('making.stop')}</button></div>
      </main>
    `;
  }
}

customElements.define('mc-making', MakingPage);
