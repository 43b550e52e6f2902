// What one agrees to, in words, and the version of these words.

import { t } from '../i18n.js';
import { html } from '../lit.js';

/** Changes with the meaning of the texts `terms.*`, `consent.expression-why` and `consent.news-why`. */
export const TERMS_VERSION = '2026-11';

const POINTS = ['people', 'expression', 'work', 'content', 'data', 'leave'];

/** The terms, folded. */
export const terms = () => html`
  <details class="terms">
    <summary>${t('terms.read')}</summary>
    <ul class="points">${POINTS.map((point) => html`<li>${t(`terms.${point}`)}</li>`)}</ul>
    <p class="small">${t('terms.version', { version: TERMS_VERSION })}</p>
  </details>
`;
