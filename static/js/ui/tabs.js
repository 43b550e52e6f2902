// Lists that belong together, each at an address of its own.

import { html, ifDefined, nothing } from '../lit.js';

/**
 * @param {string} label
 * @param {{href: string, word: string, badge?: unknown}[]} tabs
 * @param {string} here the address of the one that is shown
 */
export const tabs = (label, tabs, here) => html`
  <nav class="tabs" aria-label=${label}>
    ${tabs.map(
      ({ href, word, badge }) => html`
        <a href=${href} aria-current=${ifDefined(href === here ? 'page' : undefined)}>${word}${badge ? html` <span class="tab-badge">${badge}</span>` : nothing}</a>
      `,
    )}
  </nav>
`;
