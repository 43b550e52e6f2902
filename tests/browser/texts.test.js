// Both languages say everything: the same keys, with the same blanks to fill in, and every word that the pages ask for.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT } from './harness/paths.js';

const FOLDER = join(ROOT, 'static/i18n');
const blanks = (text) => [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();

/** Key to text, of every file of a language. */
async function speech(language) {
  const texts = {};
  for (const name of await readdir(FOLDER)) {
    const of = name.split('.').at(-2);
    if (of === language) texts[name.replace(`${language}.json`, '')] = JSON.parse(await readFile(join(FOLDER, name), 'utf8'));
  }
  return texts;
}

test('Korean and English say the same', async () => {
  const [ko, en] = await Promise.all(['ko', 'en'].map(speech));
  assert.deepEqual(Object.keys(ko).sort(), Object.keys(en).sort(), 'topics');
  for (const topic of Object.keys(en)) {
    assert.deepEqual(Object.keys(ko[topic]).sort(), Object.keys(en[topic]).sort(), `keys of "${topic}"`);
    for (const [key, text] of Object.entries(en[topic])) assert.deepEqual(blanks(ko[topic][key]), blanks(text), key);
  }
});

test('every text that a page asks for by name is there', async () => {
  const known = new Set(Object.values(await speech('en')).flatMap((texts) => Object.keys(texts)));
  const missing = [];
  for (const name of await readdir(join(ROOT, 'static/js'), { recursive: true })) {
    if (!name.endsWith('.js')) continue;
    const code = await readFile(join(ROOT, 'static/js', name), 'utf8');
    for (const [, key] of code.matchAll(/\bt\('([\w.-]+)'/g)) if (!known.has(key)) missing.push(`${name}: ${key}`);
  }
  assert.deepEqual(missing, []);
});

test('every act of staff, and every kind of thing that is reported, has its words', async () => {
  const known = new Set(Object.values(await speech('en')).flatMap((texts) => Object.keys(texts)));
  const { Action, SubjectKind, Reason } = JSON.parse(await readFile(join(ROOT, 'docs/openapi.json'), 'utf8')).components.schemas;
  const keys = [
    ...Action.enum.map((act) => `staff.did-${act}`),
    ...Action.enum.filter((act) => act.startsWith('show-')).flatMap((act) => [`staff.${act}`, `staff.${act.replace('show-', '')}-shown`]),
    ...SubjectKind.enum.flatMap((kind) => [`staff.about-${kind}`, `report.title-${kind}`]),
    ...SubjectKind.enum.filter((kind) => kind !== 'user').map((kind) => `staff.take-${kind}`),
    ...Reason.enum.map((reason) => `report.${reason}`),
  ];
  assert.deepEqual(keys.filter((key) => !known.has(key)), []);
});
