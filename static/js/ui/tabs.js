// Lists that belong together, each at an address of its own.

import { html, ifDefined, nothing, ref } from '../lit.js';

/** Where not all of them fit, the one that is shown is among those that are seen. @param {Element | undefined} nav */
function meetHere(nav) {
  requestAnimationFrame(() => {
    const here = nav?.querySelector('[aria-current]');
    if (nav && here instanceof HTMLElement) nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
  });
}

/**
 * @param {string} label
 * @param {{href: string, word: string, badge?: unknown}[]} tabs
 * @param {string} here the address of the one that is shown
 */
export const tabs = (label, tabs, here) => html`
  <nav class="tabs" aria-label=${label} ${ref(meetHere)}>
    ${tabs.map(
      ({ href, word, badge }) => html`
        <a href=${href} aria-current=${ifDefined(href === here ? 'page' : undefined)}>${word}${badge ? html` <span class="tab-badge">${badge}</span>` : nothing}</a>
      `,
    )}
  </nav>
`;
