// For everybody, or for oneself alone.

import { t } from '../i18n.js';
import { html, live } from '../lit.js';
import { icon } from '../ui/icons.js';

/**
 * @param {boolean} open
 * @param {(open: boolean) => unknown} turn
 * @param {{disabled?: boolean}} [how]
 */
export const publicSwitch = (open, turn, { disabled = false } = {}) => html`
  <label class="switch public-switch">
    ${icon(open ? 'world' : 'lock')}
    <span><b>${t('playlist.open')}</b><small>${t(open ? 'playlist.open-why' : 'playlist.closed-why')}</small></span>
    <input
      type="checkbox"
      role="switch"
      .checked=${live(open)}
      ?disabled=${disabled}
      @change=${(/** @type {Event} */ event) => turn(/** @type {HTMLInputElement} */ (event.target).checked)}
    />
  </label>
`;
