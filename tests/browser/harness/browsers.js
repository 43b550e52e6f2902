// Debian's Chromium, started the way that a machine without a display, a network or a camera allows.

import { chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ALWAYS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
];

/**
 * A browser process of its own, in a fresh profile.
 *
 * @param {{camera?: string, asks?: boolean, silent?: boolean}} options `camera`: what the fake camera plays, instead of a test card;
 *   `asks`: whether permissions are asked for rather than given; `silent`: no sound before somebody has touched the page, as
 *   browsers do for people
 */
export async function launch({ camera, asks = false, silent = false } = {}) {
  const args = [...ALWAYS, `--autoplay-policy=${silent ? 'document-user-activation-required' : 'no-user-gesture-required'}`];
  if (camera) args.push(`--use-file-for-fake-video-capture=${camera}`);
  if (!asks) args.push('--use-fake-ui-for-media-stream');
  // Started as a server, so that its process can be killed.
  const process = await chromium.launchServer({ executablePath: EXECUTABLE, headless: true, args });
  const browser = await chromium.connect(process.wsEndpoint());
  return {
    newContext: (options) => browser.newContext(options),
    /** SIGKILL to the whole process group: nobody says goodbye. */
    kill: () => process.kill(),
    close: async () => {
      await browser.close().catch(() => {});
      await process.close().catch(() => {});
    },
  };
}
