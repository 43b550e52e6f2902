// A schema of the API's description as something to read: fields with their types, bounds and meanings, and a sample.

import { html, nothing } from '../lit.js';

/**
 * @typedef {Record<string, any>} Schema
 * @typedef {Record<string, any>} Description
 */

/**
 * What a reference means; anything else is itself.
 * @param {Description} description
 * @param {Schema | undefined} schema
 * @returns {Schema}
 */
export function resolve(description, schema) {
  const at = schema?.['$ref'];
  if (typeof at !== 'string') return schema ?? {};
  return at.slice(2).split('/').reduce((/** @type {any} */ node, key) => node?.[key], description) ?? {};
}

/** @param {string} reference */
const nameOf = (reference) => reference.split('/').at(-1) ?? reference;

/**
 * A type in a few words, such as `text (uuid)` or `list of Card`.
 * @param {Schema | undefined} schema
 * @returns {string}
 */
export function typeName(schema) {
  if (!schema) return 'anything';
  if (schema.$ref) return nameOf(schema.$ref);
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return either.map(typeName).join(' or ');
  if (schema.allOf?.length === 1) return typeName(schema.allOf[0]);
  if (schema.enum) return schema.enum.map((/** @type {unknown} */ one) => JSON.stringify(one)).join(' | ');
  const types = [schema.type ?? 'anything'].flat();
  return types
    .map((type) => {
      if (type === 'array') return `list of ${typeName(schema.items)}`;
      const words = /** @type {Record<string, string>} */ ({ string: 'text', integer: 'whole number', null: 'nothing' });
      return `${words[type] ?? type}${schema.format && type !== 'null' ? ` (${schema.format})` : ''}`;
    })
    .join(' or ');
}

/** @param {Schema} schema */
export function bounds(schema) {
  const told = [
    ['at least', schema.minimum],
    ['at most', schema.maximum],
    ['shortest', schema.minLength],
    ['longest', schema.maxLength],
    ['pattern', schema.pattern],
    ['default', schema.default],
  ];
  return told.filter(([, value]) => value !== undefined).map(([word, value]) => `${word} ${value}`).join(', ');
}

/**
 * @param {Description} description
 * @param {Schema | undefined} schema
 * @param {number} [depth] how deep we are: schemas may hold each other
 * @returns {unknown} a sample made of the examples
 */
export function sample(description, schema, depth = 0) {
  const it = resolve(description, schema);
  if (it.examples?.length) return it.examples[0];
  if (it.example !== undefined) return it.example;
  if (it.enum) return it.enum[0];
  if (depth > 5) return null;
  const some = it.oneOf ?? it.anyOf;
  if (some) return sample(description, some.find((/** @type {Schema} */ one) => one.type !== 'null'), depth + 1);
  if (it.allOf) return Object.assign({}, ...it.allOf.map((/** @type {Schema} */ one) => sample(description, one, depth + 1)));
  switch ([it.type].flat().find((type) => type !== 'null')) {
    case 'object':
      return Object.fromEntries(
        Object.entries(it.properties ?? {}).map(([name, one]) => [name, sample(description, one, depth + 1)]),
      );
    case 'array':
      return [sample(description, it.items, depth + 1)];
    case 'integer':
    case 'number':
      return it.minimum ?? 0;
    case 'boolean':
      return false;
    case 'string':
      return '';
    default:
      return null;
  }
}

/**
 * The fields of a schema, each with what it means.
 * @param {Description} description
 * @param {Schema | undefined} schema
 */
export function fields(description, schema) {
  const it = resolve(description, schema);
  const properties = Object.entries(it.properties ?? {});
  if (properties.length === 0) return nothing;
  return html`<div class="wide" tabindex="0" role="region" aria-label="Fields of ${typeName(schema)}"><table>
    <thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
    <tbody>${properties.map(
      ([name, one]) => html`<tr>
        <th scope="row"><code>${name}</code>${it.required?.includes(name) ? html` <small>required</small>` : nothing}</th>
        <td>${typeName(one)}<br><small>${bounds(resolve(description, one))}</small></td>
        <td>${one.description ?? resolve(description, one).description ?? ''}</td>
      </tr>`,
    )}</tbody>
  </table></div>`;
}
