// Every text of the page, in two languages that are equals.

import { browser } from './memory.js';

export const LANGUAGES = /** @type {const} */ (['ko', 'en']);
/** @typedef {typeof LANGUAGES[number]} Language */

/** @type {Record<string, string>} */
let texts = {};
/** What is spoken of: '' is common to all pages, the others come with the pages that need them. */
const topics = new Set(['']);

/** Event `change` after the language changed. */
export const language = new EventTarget();

/** @returns {Language} what was chosen, else what the browser asks for first */
export function preferred() {
  const chosen = browser.recall('language', '');
  const wanted = [chosen, ...(navigator.languages ?? [navigator.language])];
  const known = wanted.map((tag) => LANGUAGES.find((one) => tag?.toLowerCase().startsWith(one)));
  return known.find((one) => one !== undefined) ?? 'en';
}

/** @param {Language} to */
export async function speak(to) {
  texts = Object.assign({}, ...(await Promise.all([...topics].map((topic) => words(topic, to)))));
  document.documentElement.lang = to;
  language.dispatchEvent(new Event('change'));
}

/**
 * Texts that a page needs besides the common ones.
 * @param {string[]} wanted
 */
export async function need(wanted) {
  const missing = wanted.filter((topic) => !topics.has(topic));
  const to = current();
  const found = await Promise.all(missing.map((topic) => words(topic, to)));
  missing.forEach((topic) => topics.add(topic));
  if (to === current()) Object.assign(texts, ...found);
  else await speak(current());
}

/**
 * @param {string} topic
 * @param {Language} to
 * @returns {Promise<Record<string, string>>}
 */
async function words(topic, to) {
  const response = await fetch(`/static/i18n/${topic ? `${topic}.` : ''}${to}.json`);
  return response.json();
}

/** @param {Language} to */
export function choose(to) {
  browser.keep('language', to);
  return speak(to);
}

/** @returns {Language} */
export const current = () => (document.documentElement.lang === 'ko' ? 'ko' : 'en');

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] put in place of `{name}`
 */
export function t(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/**
 * A refusal in the reader's language: our own words for its code, else the server's.
 * @param {{code: string, detail: string}} refusal
 */
export const explain = ({ code, detail }) => texts[`error.${code}`] ?? (detail || t('error.internal'));

/** @param {string} at RFC 3339 */
export function clock(at) {
  const time = new Date(at);
  return Number.isNaN(time.valueOf())
    ? ''
    : time.toLocaleTimeString(current(), { hour: 'numeric', minute: '2-digit' });
}
