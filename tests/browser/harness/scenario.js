// A test with a server of its own and people in it. Whatever happens, everything ends with it; when it fails, pictures of every
// page and the server's log stay in target/browser/<name>.

import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { launch } from './browsers.js';
import { LEFTOVERS } from './paths.js';
import { Person } from './person.js';
import { Relay, Server } from './server.js';

const TIMEOUT_MS = 120_000;

/** What a scenario has at hand. */
class Stage {
  constructor(t, server) {
    this.t = t;
    this.server = server;
    this.people = [];
    this.browsers = [];
    this.relays = [];
    this.shared = null;
  }

  /** A browser process that ends with the scenario. */
  async browser(options) {
    const browser = await launch(options);
    this.browsers.push(browser);
    return browser;
  }

  async relay() {
    const relay = await Relay.start(this.server);
    this.relays.push(relay);
    return relay;
  }

  /** Somebody at a browser of their own, or (without options that need one) at the shared one. */
  async person(name, { browser, origin = this.server.url, ...options } = {}) {
    this.shared ??= browser ? null : this.browser();
    const person = await Person.sit(browser ?? (await this.shared), { name, origin, ...options });
    this.people.push(person);
    return person;
  }

  /** Nobody's console may have complained, but for what the scenario itself caused. */
  assertQuiet(expected = []) {
    for (const person of this.people) {
      const surprising = person.complaints.filter((text) => !expected.some((pattern) => pattern.test(text)));
      assert.deepEqual(surprising, [], `console of ${person.name}`);
    }
  }
}

/**
 * Declares a test.
 *
 * @param {string} name what is true
 * @param {(stage: Stage) => Promise<void>} body
 * @param {{env?: Record<string, string>, complaints?: RegExp[]}} options settings of the server; console errors that belong to the story
 */
export function scenario(name, body, { env, complaints, timeout = TIMEOUT_MS } = {}) {
  test(name, { timeout }, async (t) => {
    const folder = join(LEFTOVERS, name.replace(/\W+/g, '-').slice(0, 80));
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const server = await Server.start({ log: join(folder, 'server.log'), env });
    const stage = new Stage(t, server);
    let failed = true;
    try {
      await body(stage);
      stage.assertQuiet(complaints);
      failed = false;
    } finally {
      if (failed) await Promise.all(stage.people.map((person) => picture(person, folder)));
      await Promise.all(stage.people.map((person) => person.close()));
      await Promise.all(stage.browsers.map((browser) => browser.close()));
      stage.relays.forEach((relay) => relay.stop());
      const code = await server.stop();
      if (!failed) {
        assert.equal(code, 0, 'the server ends well when asked to');
        await rm(folder, { recursive: true });
      }
    }
  });
}

async function picture(person, folder) {
  const said = [...person.complaints, ...person.heard.map((message) => JSON.stringify(message))];
  await writeFile(join(folder, `${person.name}.log`), said.join('\n')).catch(() => {});
  await person.page.screenshot({ path: join(folder, `${person.name}.png`), timeout: 5_000 }).catch(() => {});
}
