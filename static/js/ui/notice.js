// Before an expression is read for the first time: what is done, by what, how often it is wrong, and how to stop it.

import { fetchModels } from '../api.js';
import { expressionReader } from '../call/models.js';
import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { watch } from '../store.js';
import { icon } from './icons.js';

const POINTS = ['done', 'kept', 'shared', 'stop', 'where'];

class Notice extends Element {
  static properties = { model: { state: true } };

  constructor() {
    super();
    /** @type {import('../call/models.js').Reader | null} */
    this.model = null;
    watch(this, language);
    fetchModels().then((models) => (this.model = expressionReader(models))).catch(() => {});
  }

  firstUpdated() {
    this.querySelector('h3')?.focus();
  }

  /** @param {boolean} agreed */
  #answer(agreed) {
    this.dispatchEvent(new CustomEvent('answer', { detail: agreed }));
  }

  render() {
    const { model } = this;
    return html`
      <section class="notice" aria-labelledby="notice-title">
        <span class="emblem">${icon('follow')}</span>
        <h3 id="notice-title" tabindex="-1">${t('notice.title')}</h3>
        <ul>
          ${POINTS.map((point) => html`<li>${t(`notice.${point}`)}</li>`)}
          <li>
            ${model ? t('notice.model', { name: model.name }) : t('notice.model-unknown')}
            ${model && model.wrong !== null ? t('notice.errs', { percent: model.wrong }) : t('notice.errs-unknown')}
          </li>
        </ul>
        ${model?.measured.length
          ? html`<details>
              <summary>${t('notice.measured')}</summary>
              <ul lang="en">${model.measured.map((line) => html`<li>${line}</li>`)}</ul>
            </details>`
          : nothing}
        <div class="row">
          <button class="button accent" @click=${() => this.#answer(true)}>${t('notice.agree')}</button>
          <button class="button" @click=${() => this.#answer(false)}>${t('notice.decline')}</button>
        </div>
      </section>
    `;
  }
}

customElements.define('mc-notice', Notice);
