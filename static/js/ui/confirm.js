// Asks before something that is hard to take back: what will happen, in words, and two buttons.

import { t } from '../i18n.js';
import { html, nothing, render } from '../lit.js';
import { icon } from './icons.js';

/**
 * @param {{title: string, points?: string[], action: string, danger?: boolean}} question `points`: what follows from it
 * @returns {Promise<boolean>} false also by Escape
 */
export function confirmed({ title, points = [], action, danger = false }) {
  const dialog = document.createElement('dialog');
  dialog.className = 'confirm';
  dialog.setAttribute('aria-labelledby', 'confirm-title');
  const answer = (/** @type {string} */ value) => () => dialog.close(value);
  render(
    html`
      <h2 id="confirm-title">${title}</h2>
      ${points.length ? html`<ul class="points">${points.map((point) => html`<li>${point}</li>`)}</ul>` : nothing}
      <div class="row">
        <button class="button" autofocus @click=${answer('')}>${t('confirm.cancel')}</button>
        <button class=${danger ? 'button danger' : 'button accent'} @click=${answer('yes')}>${danger ? icon('warn') : nothing}${action}</button>
      </div>
    `,
    dialog,
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}
