// A copy of everything that is stored about one, as a file.

import { ask, fetchFile, refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { icon } from '../ui/icons.js';
import { loading } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { day } from '../ui/day.js';

/** @typedef {{id: string, state: 'pending' | 'ready' | 'failed', bytes: number | null, created_at: string, expires_at: string, file: string | null}} Copy */

/** How often an unfinished one is looked after, in ms. */
const LOOK_MS = 1_500;
/** How long the browser may take to write the file, in ms. */
const KEPT_MS = 60_000;

class DataExport extends Page {
  static properties = { ...Page.properties, copies: { state: true }, trouble: { state: true }, busy: { state: true } };

  #timer = 0;

  constructor() {
    super();
    /** @type {Copy[] | null} */
    this.copies = null;
    this.trouble = '';
    this.busy = false;
    this.#look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async #look() {
    clearTimeout(this.#timer);
    try {
      /** @type {{items: Copy[]}} */
      const { items } = await ask('/me/exports', { query: { limit: 5 } });
      this.copies = items;
      if (items.some(({ state }) => state === 'pending')) this.#timer = window.setTimeout(() => this.#look(), LOOK_MS);
    } catch (error) {
      this.copies ??= [];
      this.trouble = explain(refusal(error));
    }
  }

  async #request() {
    if (this.busy) return;
    this.busy = true;
    this.trouble = '';
    try {
      await ask('/me/exports', { method: 'POST' });
      await this.#look();
    } catch (error) {
      this.trouble = explain(refusal(error));
    }
    this.busy = false;
  }

  /**
   * @param {string} id
   * @param {string} made
   */
  async #download(id, made) {
    this.trouble = '';
    try {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await fetchFile(`/me/exports/${id}/file`));
      link.download = `moodcall-${made.slice(0, 10)}.zip`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
    } catch (error) {
      this.trouble = explain(refusal(error));
    }
  }

  /** @param {Copy} copy */
  #copy({ id, state, bytes, created_at: made, expires_at: ends, file }) {
    const size = bytes ? `${Math.max(1, Math.round(bytes / 1024))} kB` : '';
    return html`
      <li class="row-person" data-export=${id} data-state=${state}>
        <span class="row-person-link">
          <span class="emblem-small">${icon('save')}</span>
          <span class="row-person-name">
            <b>${day(made)}</b>
            <small>${t(`export.${state}`, { size, when: day(ends) })}</small>
          </span>
        </span>
        ${state === 'ready' && file
          ? html`<span class="row-person-actions"><button class="button" @click=${() => this.#download(id, made)}>${t('export.download')}</button></span>`
          : nothing}
      </li>
    `;
  }

  render() {
    const { copies } = this;
    return html`
      <section class="section" aria-labelledby="set-export">
        <h2 id="set-export">${t('export.title')}</h2>
        <p class="small">${t('export.why')}</p>
        <button class="button" aria-disabled=${this.busy} @click=${this.#request}>${t('export.request')}</button>
        <div role="alert">${this.trouble ? html`<p class="note warn">${icon('warn')}<span>${this.trouble}</span></p>` : nothing}</div>
        ${copies === null ? loading() : copies.length ? html`<ul class="rows" aria-label=${t('export.title')} aria-live="polite">${copies.map((copy) => this.#copy(copy))}</ul>` : nothing}
      </section>
    `;
  }
}

customElements.define('mc-set-export', DataExport);
