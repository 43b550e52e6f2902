// The reference of the API: reads /api/v1/openapi.json and shows every operation by its tag.

import { Element, html, nothing } from '../lit.js';
import { show, words } from './operation.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** @typedef {import('./operation.js').Operation} Operation */

/**
 * @param {Record<string, any>} description
 * @returns {Operation[]} in the order of their paths
 */
const operations = (description) =>
  Object.entries(description.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, operation: item[method] })),
  );

class Reference extends Element {
  static properties = { description: { state: true }, wanted: { state: true }, failed: { state: true } };

  constructor() {
    super();
    /** @type {Record<string, any> | undefined} */
    this.description = undefined;
    this.wanted = '';
    this.failed = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    try {
      const response = await fetch('/api/v1/openapi.json');
      if (!response.ok) throw new Error(`${response.status}`);
      this.description = await response.json();
      await this.updateComplete;
      // The address may name an operation that was not there when the browser looked for it.
      document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
    } catch {
      this.failed = true;
    }
  }

  /** @param {Operation} one */
  isWanted({ path, method, operation }) {
    const text = `${method} ${path} ${operation.summary} ${operation.operationId}`.toLowerCase();
    return this.wanted.toLowerCase().split(/\s+/).every((word) => text.includes(word));
  }

  render() {
    if (this.failed) return html`<main><h1>Moodcall API</h1><p role="alert">The description cannot be loaded. Try again in a moment.</p></main>`;
    const description = this.description;
    if (!description) return html`<main aria-busy="true"><h1>Moodcall API</h1></main>`;
    const all = operations(description).filter((one) => this.isWanted(one));
    const groups = (description.tags ?? [])
      .map((/** @type {any} */ tag) => ({ tag, members: all.filter(({ operation }) => operation.tags?.includes(tag.name)) }))
      .filter((/** @type {any} */ { members }) => members.length > 0);
    return html`<nav aria-label="Operations">
        <label for="wanted">Find</label>
        <input id="wanted" type="search" autocomplete="off" .value=${this.wanted}
          @input=${(/** @type {InputEvent} */ event) => { this.wanted = /** @type {HTMLInputElement} */ (event.target).value; }}>
        ${groups.map(
          (/** @type {any} */ { tag, members }) => html`<h2>${tag.name}</h2>
            <ul>${members.map(
              (/** @type {Operation} */ { method, operation }) => html`<li>
                <a href="#${operation.operationId}"><span class="method" data-method=${method}>${method.toUpperCase()}</span> ${operation.summary}</a>
              </li>`,
            )}</ul>`,
        )}
      </nav>
      <main>
        <h1>${description.info.title} API <small>${description.info.version}</small></h1>
        ${description.info.description.split('\n\n').map((/** @type {string} */ text) => html`<p>${words(text)}</p>`)}
        <p><a href="/api/v1/openapi.json">The description itself</a>, in OpenAPI ${description.openapi}.</p>
        ${groups.length ? nothing : html`<p role="status">Nothing is called that.</p>`}
        ${groups.map(
          (/** @type {any} */ { tag, members }) => html`<section>
            <h2>${tag.name}</h2>
            <p>${words(tag.description ?? '')}</p>
            ${members.map((/** @type {Operation} */ one) => show(description, one))}
          </section>`,
        )}
      </main>`;
  }
}

customElements.define('api-reference', Reference);
document.body.append(document.createElement('api-reference'));
