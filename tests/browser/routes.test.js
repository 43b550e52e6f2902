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
  const known = ROUTES.map(({ path }) => path.replace(/:\w+/g, ':'));
  // `/settings/{section}` serves `/settings/blocked` too.
  const fits = (wide, narrow) => new RegExp(`^${wide.replaceAll(':', '[^/]+')}$`).test(narrow);
  assert.deepEqual(known.filter((path) => !served.some((wide) => fits(wide, path))), [], 'known, but not served');
  assert.deepEqual(served.filter((path) => !known.some((narrow) => fits(path, narrow))), [], 'served, but not known');
});
