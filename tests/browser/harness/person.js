// Somebody in front of a browser: finds things by the names that people see, and remembers what went wrong.

import { colors, received, sharpness, watchConnections } from './inside.js';
import { until } from './until.js';

/** Small: without a graphics card, the browser itself paints what it shows, and the machine has better to do. */
const VIEWPORT = { width: 960, height: 600 };
/** How long a click or a look waits for its element. */
const ACTION_MS = 15_000;

/** One person, one page. */
export class Person {
  /**
   * @param {{newContext: Function}} browser
   * @param {{name: string, origin: string, viewport?: {width: number, height: number}, before?: Function[], allow?: string[], context?: object}} options
   *   `before`: scripts that run ahead of the page's own; `allow`: the permissions given, all others refused
   */
  static async sit(browser, { name, origin, viewport, before = [], allow, context: settings = {} }) {
    const context = await browser.newContext({ baseURL: origin, locale: 'en-US', viewport: viewport ?? VIEWPORT, ...settings });
    if (allow) await context.grantPermissions(allow, { origin });
    context.setDefaultTimeout(ACTION_MS);
    const page = await context.newPage();
    for (const script of [watchConnections, ...before]) await page.addInitScript(script);
    return new Person(name, context, page);
  }

  constructor(name, context, page) {
    this.name = name;
    this.context = context;
    this.page = page;
    /** Errors of the console (breaches of the content policy among them) and uncaught exceptions. */
    this.complaints = [];
    /** Every message that the server said on the socket. */
    this.heard = [];
    page.on('console', (message) => {
      if (process.env.BROWSER_LOG) console.log(`[${name}] ${message.type()}: ${message.text()}`);
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error.stack ?? error)));
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => this.heard.push(JSON.parse(String(payload))));
    });
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Opens a room's page and stays in the lobby. */
  async arrive(link) {
    await this.page.goto(new URL(link, 'http://room').pathname);
    await this.page.getByLabel('Your name').fill(this.name);
  }

  /** From the lobby into the call; resolves once this person's own tile is there. */
  async join(link) {
    if (link) await this.arrive(link);
    await this.button('Join').click();
    await this.ownTile().waitFor();
  }

  ownTile() {
    return this.page.locator('[data-participant][data-own]');
  }

  /** Somebody else's tile, by the name in it. */
  tile(name) {
    return this.page.locator('[data-participant]:not([data-own])').filter({ hasText: name });
  }

  received(name) {
    return this.tile(name).evaluate(received);
  }

  colors(name, regions) {
    return this.tile(name).evaluate(colors, regions);
  }

  /** Of one's own camera, as it is. */
  ownColors(regions) {
    return this.ownTile().evaluate(colors, regions);
  }

  sharpness(name, region) {
    return this.tile(name).evaluate(sharpness, region);
  }

  ownSharpness(region) {
    return this.ownTile().evaluate(sharpness, region);
  }

  /** Waits until so many more frames of somebody were decoded; resolves to what `received` says then. */
  async sees(name, frames = 15) {
    await this.tile(name).locator('video').waitFor();
    const start = (await this.received(name)).frames;
    return until(`${this.name} sees ${frames} more frames of ${name}`, () => this.received(name), (now) => now.frames >= start + frames);
  }

  /** Waits until sound arrives. */
  async hears(name) {
    const start = (await this.received(name)).audioEnergy;
    return until(`${this.name} hears somebody`, () => this.received(name), (now) => now.audioEnergy > start);
  }

  /** The next (or an earlier) message of a type that fits. */
  told(what, fits, timeout) {
    return until(`${this.name} is told ${what}`, () => this.heard.find(fits), Boolean, timeout);
  }

  /** The mood on somebody's badge, or null. */
  async moodOf(name) {
    const badge = this.tile(name).locator('[data-mood]');
    return (await badge.count()) ? badge.first().getAttribute('data-mood') : null;
  }

  /** Chooses an effect by its name, agreeing to the notice when it is shown. */
  async choose(effect) {
    const choice = this.button(effect);
    if (!(await choice.isVisible())) await this.button('Effects').click();
    await choice.click();
    const agree = this.page.locator('mc-notice button').first();
    const chosen = this.page.locator('button[aria-pressed="true"]').filter({ has: this.page.getByText(effect, { exact: true }) });
    await agree.or(chosen).first().waitFor();
    if (await agree.isVisible()) await agree.click();
    await chosen.waitFor();
  }

  close() {
    return this.context.close().catch(() => {});
  }
}
