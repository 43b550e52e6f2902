// A plain call between Chromium and Firefox.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Firefox } from './harness/firefox.js';
import { LEFTOVERS } from './harness/paths.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

/** What a person does in the lobby, in Firefox's page. */
function enter(name) {
  const field = [...document.querySelectorAll('label')].find((label) => label.textContent.includes('Your name'))?.querySelector('input');
  const join = [...document.querySelectorAll('button')].find((button) => button.textContent.trim() === 'Join');
  if (!field || !join) return false;
  field.value = name;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  join.click();
  return true;
}

/** Pictures of the other one that Firefox has presented so far, once it presents one more; and their width. */
function shown() {
  const video = document.querySelector('[data-participant]:not([data-own]) video');
  return new Promise((resolve) => {
    setTimeout(() => resolve({ frames: 0, width: 0 }), 2_000);
    video?.requestVideoFrameCallback((_, { presentedFrames, width }) => resolve({ frames: presentedFrames, width }));
  });
}

scenario(
  'Chromium and Firefox see each other, and Chromium hears Firefox',
  async (stage) => {
    const { link } = await stage.server.createRoom();
    const firefox = await Firefox.start();
    try {
      const ada = await stage.person('Ada');
      await ada.join(link);
      await firefox.goto(new URL(new URL(link).pathname, stage.server.url).href);
      await until('Firefox is in the lobby', () => firefox.run(enter, 'Finn'), Boolean);
      await ada.sees('Finn', 30);
      await ada.hears('Finn');
      const start = await until('Firefox shows Ada', () => firefox.run(shown), ({ frames, width }) => frames > 0 && width > 0);
      await until('Firefox goes on showing Ada', () => firefox.run(shown), ({ frames }) => frames >= start.frames + 30);
      assert.equal(await ada.page.locator('[data-participant]').count(), 2);
    } catch (error) {
      await mkdir(LEFTOVERS, { recursive: true });
      await writeFile(join(LEFTOVERS, 'firefox.png'), await firefox.screenshot().catch(() => ''));
      throw error;
    } finally {
      await firefox.close();
    }
  },
  { timeout: 180_000 },
);
