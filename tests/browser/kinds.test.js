// Whatever the server notifies of, the page has words for it and a place that it leads to.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT } from './harness/paths.js';

/** Kinds that lead to whoever did it: what they are about says no more. */
const ABOUT_A_PERSON = ['followed', 'friend-requested', 'friend-accepted'];

test('every kind of notification has words and leads somewhere', async () => {
  const [code, page, texts] = await Promise.all(['src/protocol/notification.rs', 'static/js/notices/words.js', 'static/i18n/people.en.json'].map((path) => readFile(join(ROOT, path), 'utf8')));
  const kinds = [...code.matchAll(/Self::\w+ => "([\w-]+)"/g)].map(([, kind]) => kind);
  assert.ok(kinds.length >= 10, `the kinds stand in the protocol: ${kinds}`);
  const known = JSON.parse(texts);
  const [, places] = /const PLACES = \{([^;]*)\};/.exec(page) ?? [];
  assert.ok(places, 'the places stand in the page');
  assert.deepEqual(kinds.filter((kind) => !known[`told.${kind}`]), [], 'without words');
  assert.deepEqual(kinds.filter((kind) => !places.includes(`'${kind}': (`) && !places.includes(`'${kind}': p`) && !ABOUT_A_PERSON.includes(kind)), [], 'without a place');
});
