// The reference of the API: everything is in it, it is fit for everybody, and the strict policy of the page holds.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { scenario } from './harness/scenario.js';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

scenario('every operation of the API can be read about and found', async (stage) => {
  const ada = await stage.person('Ada', { context: { reducedMotion: 'reduce' } });
  const foreign = [];
  ada.page.on('request', (request) => {
    if (!request.url().startsWith(stage.server.url)) foreign.push(request.url());
  });
  await ada.page.goto('/api/docs');
  const description = await (await fetch(`${stage.server.url}/api/v1/openapi.json`)).json();
  const ids = Object.values(description.paths).flatMap((item) =>
    METHODS.filter((method) => item[method]).map((method) => item[method].operationId),
  );
  assert.ok(ids.length > 10, `${ids.length} operations`);
  await ada.page.locator('article').first().waitFor();
  const shown = await ada.page.locator('article').evaluateAll((all) => all.map((one) => one.id));
  assert.deepEqual(shown.toSorted(), ids.toSorted());

  await ada.page.evaluate(AXE);
  const { violations } = await ada.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes[0].target}`), []);

  await ada.page.getByLabel('Find').fill('post rooms');
  await ada.page.locator('#showRoom').waitFor({ state: 'detached' });
  await ada.page.locator('#createRoom').getByText('/api/v1/rooms', { exact: true }).waitFor();
  assert.deepEqual(foreign, []);
});
