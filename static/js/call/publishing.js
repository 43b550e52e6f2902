// Keeps what the server knows of our microphone and camera true to what they do.

/** @import { Kind } from '../messages.d.ts' */

/** @type {Record<Kind, 'microphone' | 'camera'>} */
const SOURCE = { audio: 'microphone', video: 'camera' };

export class Publishing {
  /** @type {Partial<Record<Kind, {id: string, muted: boolean}>>} */
  #published = {};
  #queue = Promise.resolve();

  /**
   * @param {import('../protocol.js').Wire} wire
   * @param {import('./media.js').Media} media
   * @param {import('./connection.js').Connection} connection
   */
  constructor(wire, media, connection) {
    this.wire = wire;
    this.media = media;
    this.connection = connection;
  }

  /** @param {Kind} kind */
  id(kind) {
    return this.#published[kind]?.id;
  }

  /** Puts our tracks into the connection before its first offer, so that media can start with the answer. */
  async attach() {
    for (const kind of /** @type {Kind[]} */ (['audio', 'video'])) {
      await this.connection[kind].sender.replaceTrack(this.media.track(kind) ?? null);
    }
  }

  /**
   * Brings sender and server up to date with the device, in order.
   * @param {Kind} kind
   * @returns {Promise<void>}
   */
  sync(kind) {
    this.#queue = this.#queue.then(() => this.#sync(kind)).catch(() => {});
    return this.#queue;
  }

  /** @param {Kind} kind */
  async #sync(kind) {
    const { sender, mid } = this.connection[kind];
    const track = this.media.track(kind) ?? null;
    if (sender.track !== track) await sender.replaceTrack(track);
    if (!mid) return;
    const muted = !track || !this.media.wants(kind);
    const known = this.#published[kind];
    if (!known && track) {
      const message = /** @type {const} */ ({ type: 'publish', mid, kind, source: SOURCE[kind], muted });
      const { track: published } = await this.wire.request('published', message);
      this.#published[kind] = { id: published.id, muted };
    } else if (known && known.muted !== muted) {
      this.wire.tell({ type: 'mute', track: known.id, muted });
      known.muted = muted;
    }
  }
}
