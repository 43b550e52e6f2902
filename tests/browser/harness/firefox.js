// Debian's Firefox ESR, driven by Marionette: the protocol that stock Firefox itself speaks, one JSON array per message with its
// length before it. playwright-core drives only builds of its own.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from './until.js';

const EXECUTABLE = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const START_MS = 60_000;
const PREFERENCES = {
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  // No downloads of codecs, no first-run pages, nothing in the background.
  'media.gmp-manager.updateEnabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
  'app.normandy.enabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'intl.accept_languages': 'en-US, en',
};

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** One Firefox with one window. */
export class Firefox {
  static async start() {
    const profile = await mkdtemp(join(tmpdir(), 'moodcall-firefox-'));
    const port = await freePort();
    const lines = Object.entries({ ...PREFERENCES, 'marionette.port': port }).map(([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});`);
    await writeFile(join(profile, 'user.js'), lines.join('\n'));
    const child = spawn(EXECUTABLE, ['--headless', '--marionette', '--no-remote', '--profile', profile], { stdio: 'ignore', env: { ...process.env, HOME: profile } });
    const firefox = new Firefox(child, profile);
    try {
      firefox.socket = await until('Firefox listens', () => connect(port), Boolean, START_MS);
      firefox.#read();
      await firefox.say('WebDriver:NewSession', {});
    } catch (error) {
      await firefox.close();
      throw error;
    }
    return firefox;
  }

  constructor(child, profile) {
    this.child = child;
    this.profile = profile;
    this.count = 0;
    this.waiting = new Map();
    this.exit = new Promise((resolve) => child.once('exit', resolve));
  }

  #read() {
    let rest = Buffer.alloc(0);
    this.socket.on('data', (data) => {
      rest = Buffer.concat([rest, data]);
      for (;;) {
        const colon = rest.indexOf(':');
        const length = Number(rest.subarray(0, Math.max(colon, 0)).toString());
        if (colon < 0 || rest.length < colon + 1 + length) return;
        const message = JSON.parse(rest.subarray(colon + 1, colon + 1 + length).toString());
        rest = rest.subarray(colon + 1 + length);
        // The first is a greeting, an object; answers are [1, number, error, result].
        if (!Array.isArray(message)) continue;
        const [, number, error, result] = message;
        const { resolve, reject } = this.waiting.get(number);
        this.waiting.delete(number);
        if (error) reject(new Error(`${error.error}: ${error.message}`));
        else resolve(result?.value);
      }
    });
    this.socket.on('close', () => this.waiting.forEach(({ reject }) => reject(new Error('Firefox is gone'))));
  }

  /** One command of Marionette. */
  say(command, parameters) {
    const number = ++this.count;
    const text = JSON.stringify([0, number, command, parameters]);
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  }

  goto(url) {
    return this.say('WebDriver:Navigate', { url });
  }

  /** Runs a function with JSON arguments inside the page and resolves to what it returns. */
  run(body, ...args) {
    const script = `const done = arguments[arguments.length - 1]; Promise.resolve((${body})(...arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    return this.say('WebDriver:ExecuteAsyncScript', { script, args: [args], sandbox: 'default', newSandbox: false, scriptTimeout: 20_000 }).then((answer) => {
      if (answer.error) throw new Error(answer.error);
      return answer.value;
    });
  }

  /** A picture of the page, PNG. */
  async screenshot() {
    return Buffer.from(await this.say('WebDriver:TakeScreenshot', { full: false }), 'base64');
  }

  async close() {
    this.socket?.destroy();
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await this.exit;
    clearTimeout(timer);
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function connect(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}
