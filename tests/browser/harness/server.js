// The program under test, as a process of its own on free ports, behind a relay that can be cut.

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { MOODCALL, ROOT } from './paths.js';

const READY = /^listening on (http:\/\/\S+)$/;
const START_MS = 20_000;
const STOP_MS = 10_000;

/** One running server. */
export class Server {
  /**
   * Starts it and waits until it says that it listens.
   *
   * @param {{log: string, env?: Record<string, string>}} options where its log goes; settings as `MOODCALL_…`
   */
  static async start({ log, env = {} }) {
    const data = await mkdtemp(join(tmpdir(), 'moodcall-'));
    const child = spawn(MOODCALL, ['serve', '--listen', '127.0.0.1:0', '--udp-port', '0', '--data-dir', data], {
      cwd: ROOT,
      env: {
        ...process.env,
        MOODCALL_LOG: 'info,moodcall=debug',
        MOODCALL_SERVER__DRAIN_SECONDS: '1',
        MOODCALL_ROOMS__CREATES_PER_MINUTE: '1000',
        MOODCALL_ROOMS__TICKETS_PER_MINUTE: '1000',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.pipe(createWriteStream(log));
    const exit = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    const url = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server says nothing after ${START_MS} ms; its log: ${log}`)), START_MS);
      createInterface({ input: child.stdout }).on('line', (line) => {
        const ready = READY.exec(line);
        if (ready) {
          clearTimeout(timer);
          resolve(ready[1]);
        }
      });
      child.once('error', reject);
      exit.then((code) => reject(new Error(`the server ended with ${code}; its log: ${log}`)));
    }).catch((error) => {
      child.kill('SIGKILL');
      throw error;
    });
    return new Server(child, exit, data, new URL(url));
  }

  constructor(child, exit, data, address) {
    this.child = child;
    this.exit = exit;
    this.data = data;
    /** The server itself. */
    this.url = address.origin;
    this.port = Number(address.port);
  }

  /** A new room, without a browser. */
  async createRoom(capacity = 2) {
    const response = await fetch(`${this.url}/api/v1/rooms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ capacity }),
    });
    if (response.status !== 201) throw new Error(`no room: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Asks it to stop and resolves to its exit code. */
  async stop() {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    const code = await this.exit;
    clearTimeout(timer);
    await rm(this.data, { recursive: true, force: true });
    return code;
  }
}

/** Passes TCP on to the server until it is cut. Media does not pass here: it goes by UDP. */
export class Relay {
  /** @param {Server} server */
  static async start(server) {
    const relay = new Relay();
    relay.listener = net.createServer((near) => {
      if (relay.isCut) return near.destroy();
      const far = net.connect(server.port, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        relay.sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          relay.sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    await new Promise((resolve) => relay.listener.listen(0, '127.0.0.1', resolve));
    relay.url = `http://127.0.0.1:${relay.listener.address().port}`;
    return relay;
  }

  constructor() {
    this.isCut = false;
    this.sockets = new Set();
  }

  /** Every connection dies without a goodbye, new ones are refused. */
  cut() {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend() {
    this.isCut = false;
  }

  stop() {
    this.cut();
    this.listener.close();
  }
}
