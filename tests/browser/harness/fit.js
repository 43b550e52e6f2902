// Whether a page is fit for everybody: no barrier that axe-core finds, nothing wider than the screen.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The narrowest phone. */
export const PHONE = { width: 360, height: 740 };

/** What axe-core finds, in short. */
async function barriers(page, impacts) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impacts.includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/**
 * @param {import('./person.js').Person} person
 * @param {string} where
 * @param {string[]} impacts what of axe-core's findings counts
 */
export async function isFit(person, where, impacts = ['minor', 'moderate', 'serious', 'critical']) {
  // Half way through a transition, the contrast is that of neither state. What never ends is not waited for.
  await person.page.evaluate(async () => {
    const ending = document.getAnimations().filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime));
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
  assert.deepEqual(await barriers(person.page, impacts), [], `axe-core on ${where}`);
}

/** Nothing makes the page scroll sideways. */
export async function fitsTheWidth(person, where) {
  const { wide, viewport } = await person.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, viewport: innerWidth }));
  assert.ok(wide <= viewport, `${where} is ${wide} px wide on ${viewport}`);
}
