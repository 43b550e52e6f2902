// The server hands out the page at exactly the addresses that the page knows.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROUTES } from '../../static/js/routes.js';
import { ROOT } from './harness/paths.js';

test('every address of the page is served, and no other', async () => {
  const code = await readFile(join(ROOT, 'src/app/router.rs'), 'utf8');
  const [, list] = /const PAGES[^=]*= &\[([^\]]*)\]/.exec(code) ?? [];
  assert.ok(list, 'the list stands in the router');
  const served = [...list.matchAll(/"([^"]+)"/g)].map(([, path]) => path.replace(/\{\w+\}/g, ':'));
  const known = new Set(ROUTES.map(({ path }) => path.replace(/:\w+/g, ':')));
  assert.deepEqual([...known].sort(), served.sort());
});
