// Our own camera and microphone, in the lobby and in the call: one holder, so that Join takes nothing twice.

import { browser } from '../memory.js';
import { Store } from '../store.js';
import { followPermission, listDevices, permission, secure, take } from './devices.js';

/** @import { Kind } from '../messages.d.ts' */
/** @import { Choice, DeviceState } from './devices.js' */

/**
 * @typedef {object} OwnMedia
 * @property {boolean} microphone wanted on
 * @property {boolean} camera wanted on
 * @property {Record<Kind, DeviceState>} state
 * @property {MediaStream} stream what we have of the two now
 * @property {Choice} choice
 * @property {Awaited<ReturnType<typeof listDevices>>} devices
 */

/**
 * Store of our own devices. Event `track` (detail: kind) when a track was taken, replaced or let go.
 * @extends Store<OwnMedia>
 */
export class Media extends Store {
  #closed = false;

  constructor() {
    const wanted = browser.recall('wanted', { microphone: true, camera: true });
    super({
      ...wanted,
      state: { audio: secure() ? 'unasked' : 'insecure', video: secure() ? 'unasked' : 'insecure' },
      stream: new MediaStream(),
      choice: browser.recall('devices', {}),
      devices: { camera: [], microphone: [], speaker: [] },
    });
    navigator.mediaDevices?.addEventListener?.('devicechange', () => this.#plugged());
    for (const kind of /** @type {Kind[]} */ (['audio', 'video'])) {
      followPermission(kind, (state) => {
        if (state === 'granted' && this.value.state[kind] === 'denied' && this.wants(kind)) this.acquire([kind]);
      });
    }
  }

  /** @param {Kind} kind */
  track(kind) {
    return this.value.stream.getTracks().find((track) => track.kind === kind);
  }

  /** @param {Kind} kind */
  wants(kind) {
    return kind === 'audio' ? this.value.microphone : this.value.camera;
  }

  /** Takes what is wanted and already allowed: no question pops up. */
  async takeAllowed() {
    await this.refresh();
    /** @type {Kind[]} */
    const kinds = [];
    for (const kind of this.#missing()) {
      const allowed = await permission(kind);
      if (allowed === 'granted') kinds.push(kind);
      if (allowed === 'denied') this.#note(kind, 'denied');
    }
    if (kinds.length) await this.acquire(kinds);
  }

  /** Takes all that is wanted, asking if need be. Call it after a click. */
  async takeWanted() {
    const kinds = this.#missing();
    if (kinds.length) await this.acquire(kinds);
  }

  /** @returns {Kind[]} */
  #missing() {
    return /** @type {Kind[]} */ (['audio', 'video']).filter(
      (kind) => this.wants(kind) && !this.track(kind),
    );
  }

  /**
   * @param {Kind} kind
   * @param {boolean} on
   */
  async want(kind, on) {
    this.set(kind === 'audio' ? { microphone: on } : { camera: on });
    browser.keep('wanted', { microphone: this.value.microphone, camera: this.value.camera });
    const track = this.track(kind);
    if (kind === 'video' && !on) this.#release('video');
    else if (track) track.enabled = on;
    else if (on) await this.acquire([kind]);
    this.#tell(kind);
  }

  /** @param {Kind[]} kinds */
  async acquire(kinds) {
    if (this.#closed) return;
    for (const kind of kinds) this.#note(kind, 'asking');
    const taken = await take(kinds, this.value.choice);
    for (const kind of kinds) {
      const { track, state } = taken[kind] ?? { state: 'failed' };
      this.#note(kind, state ?? 'failed');
      if (!track) continue;
      if (this.#closed || (!this.wants(kind) && kind === 'video')) {
        // It came too late: nobody wants it any more.
        track.stop();
        continue;
      }
      this.#release(kind);
      track.enabled = this.wants(kind);
      track.contentHint = kind === 'video' ? 'motion' : 'speech';
      track.onended = () => this.#ended(kind, track);
      this.value.stream.addTrack(track);
      this.#tell(kind);
    }
    await this.refresh();
  }

  /**
   * @param {keyof Choice} role
   * @param {string} id empty: the browser's default
   */
  async choose(role, id) {
    this.set({ choice: { ...this.value.choice, [role]: id || undefined } });
    browser.keep('devices', this.value.choice);
    const kind = role === 'camera' ? 'video' : 'audio';
    if (role !== 'speaker' && this.track(kind)) {
      // Some cameras cannot be opened twice: let go first.
      this.#release(kind);
      await this.acquire([kind]);
    }
  }

  async refresh() {
    this.set({ devices: await listDevices() });
  }

  async #plugged() {
    await this.refresh();
    for (const kind of this.#missing()) {
      if (this.value.state[kind] === 'missing') await this.acquire([kind]);
    }
  }

  /**
   * The device was pulled out or taken away.
   * @param {Kind} kind
   * @param {MediaStreamTrack} track
   */
  async #ended(kind, track) {
    if (this.track(kind) !== track) return;
    this.value.stream.removeTrack(track);
    this.#note(kind, 'missing');
    this.#tell(kind);
    await this.refresh();
    if (this.wants(kind)) await this.acquire([kind]);
  }

  /** @param {Kind} kind */
  #release(kind) {
    const track = this.track(kind);
    if (!track) return;
    track.onended = null;
    track.stop();
    this.value.stream.removeTrack(track);
  }

  /** Lets everything go, for good. */
  close() {
    this.#closed = true;
    this.#release('audio');
    this.#release('video');
    this.set({});
  }

  /**
   * @param {Kind} kind
   * @param {DeviceState} state
   */
  #note(kind, state) {
    this.set({ state: { ...this.value.state, [kind]: state } });
  }

  /** @param {Kind} kind */
  #tell(kind) {
    this.set({});
    this.dispatchEvent(new CustomEvent('track', { detail: kind }));
  }
}
