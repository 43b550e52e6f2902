// One operation of the API: what it takes, what it answers.

import { html, nothing } from '../lit.js';
import { bounds, fields, resolve, sample, typeName } from './schema.js';

/**
 * @typedef {{method: string, path: string, operation: Record<string, any>}} Operation
 * @typedef {Record<string, any>} Description
 */

/** @param {string} text with `code` in it */
export const words = (text) => text.split('`').map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));

/**
 * @param {Description} description
 * @param {Record<string, any>[]} parameters
 */
function parametersOf(description, parameters) {
  if (parameters.length === 0) return nothing;
  return html`<h4>Parameters</h4>
    <div class="wide" tabindex="0" role="region" aria-label="Parameters"><table>
      <thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
      <tbody>${parameters.map(
        (one) => html`<tr>
          <th scope="row"><code>${one.name}</code>${one.required ? html` <small>required</small>` : nothing}</th>
          <td>${one.in}</td>
          <td>${typeName(one.schema)}<br><small>${bounds(resolve(description, one.schema))}</small></td>
          <td>${words(one.description ?? '')}</td>
        </tr>`,
      )}</tbody>
    </table></div>`;
}

/**
 * @param {Description} description
 * @param {Record<string, any>} content
 */
function bodyOf(description, content) {
  return Object.entries(content).map(([type, { schema }]) => {
    const shown = type === 'application/json' ? sample(description, schema) : undefined;
    return html`<p><code>${type}</code>: ${typeName(schema)}</p>
      ${fields(description, schema)}
      ${shown === undefined || shown === null
        ? nothing
        : html`<pre tabindex="0" aria-label="Example of ${typeName(schema)}">${JSON.stringify(shown, null, 2)}</pre>`}`;
  });
}

/**
 * @param {Description} description
 * @param {[string, Record<string, any>]} answer
 */
function answerOf(description, [status, given]) {
  const answer = resolve(description, given);
  const headers = Object.entries(answer.headers ?? {});
  const content = Object.fromEntries(
    Object.entries(answer.content ?? {}).filter(([type]) => type !== 'application/problem+json'),
  );
  return html`<dt><span class="status" data-family=${status[0]}>${status}</span></dt>
    <dd>${words(answer.description ?? '')}
      ${headers.map(([name, header]) => html`<p><code>${name}</code>: ${words(header.description ?? '')}</p>`)}
      ${bodyOf(description, content)}</dd>`;
}

/**
 * @param {Description} description
 * @param {Operation} one
 */
export function show(description, { method, path, operation }) {
  const needs = (operation.security ?? []).flatMap((/** @type {object} */ one) => Object.keys(one));
  const body = resolve(description, operation.requestBody).content;
  const [good, bad] = [/** @type {[string, any][]} */ ([]), /** @type {[string, any][]} */ ([])];
  for (const answer of Object.entries(operation.responses ?? {})) (/^[123]/.test(answer[0]) ? good : bad).push(answer);
  return html`<article id=${operation.operationId}>
    <h3><a href="#${operation.operationId}">${operation.summary}</a></h3>
    <p class="request"><span class="method" data-method=${method}>${method.toUpperCase()}</span> <code>${path}</code>
      ${needs.map((/** @type {string} */ name) => html`<span class="needs">needs ${name}</span>`)}</p>
    ${operation.description ? html`<p>${words(operation.description)}</p>` : nothing}
    ${parametersOf(description, (operation.parameters ?? []).map((/** @type {any} */ one) => resolve(description, one)))}
    ${body ? html`<h4>Body</h4>${bodyOf(description, body)}` : nothing}
    <h4>Answers</h4>
    <dl>${good.map((answer) => answerOf(description, answer))}</dl>
    <details><summary>Refusals</summary><dl>${bad.map((answer) => answerOf(description, answer))}</dl></details>
  </article>`;
}
