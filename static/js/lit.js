// Lit without its one bare import (an import map would need an inline script, which the page's CSP forbids):
// the two halves of Lit that need no resolving, put together the way `lit-element` does.

import { ReactiveElement } from '/vendor/@lit/reactive-element/reactive-element.js';
import { render } from '/vendor/lit-html/lit-html.js';

export { html, svg, nothing, render } from '/vendor/lit-html/lit-html.js';
export { classMap } from '/vendor/lit-html/directives/class-map.js';
export { ifDefined } from '/vendor/lit-html/directives/if-defined.js';
export { live } from '/vendor/lit-html/directives/live.js';
export { ref, createRef } from '/vendor/lit-html/directives/ref.js';
export { repeat } from '/vendor/lit-html/directives/repeat.js';
export { styleMap } from '/vendor/lit-html/directives/style-map.js';

/**
 * A custom element that renders a template into itself: no shadow root, so the page's style sheets,
 * labels and `querySelector` reach everything.
 */
export class Element extends ReactiveElement {
  /** @type {import('/vendor/lit-html/lit-html.js').RootPart | undefined} */
  #part;

  createRenderRoot() {
    return this;
  }

  /** @returns {unknown} what to show */
  render() {
    return undefined;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  update(changed) {
    const template = this.render();
    super.update(changed);
    this.#part = render(template, /** @type {HTMLElement} */ (this.renderRoot), {
      host: this,
      isConnected: this.isConnected,
    });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#part?.setConnected(true);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#part?.setConnected(false);
  }
}
