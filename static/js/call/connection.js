// One peer connection: the client always offers, one offer at a time, and the server says which section shows whom.

import { preferredCodecs } from './codecs.js';

/** @import { Kind, Section } from '../messages.d.ts' */

/** Enough for a clear face at 640x480; the rest is left to congestion control. */
const VIDEO_BITRATE = 1_500_000;

/** Events: `streams` (who is heard and seen changed), `state` (the ICE state changed). */
export class Connection extends EventTarget {
  /** @type {Map<string, MediaStream>} what each participant sends us, by participant */
  streams = new Map();
  /** @type {Section[]} */
  #sections = [];
  /** @type {Promise<void>} */
  #queue = Promise.resolve();
  #queued = false;
  #offering = false;
  #begun = false;
  #closed = false;

  /**
   * @param {RTCIceServer[]} iceServers
   * @param {(sdp: string) => Promise<string>} exchange sends an offer, gives the answer
   */
  constructor(iceServers, exchange) {
    super();
    this.exchange = exchange;
    this.pc = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    this.pc.addEventListener('iceconnectionstatechange', () => this.#emit('state'));
    this.pc.addEventListener('negotiationneeded', () => this.#needed());
    this.audio = this.#add('audio', 'sendrecv');
    this.video = this.#add('video', 'sendrecv');
  }

  get healthy() {
    return ['connected', 'completed'].includes(this.pc.iceConnectionState);
  }

  /**
   * @param {Kind} kind
   * @param {RTCRtpTransceiverDirection} direction
   */
  #add(kind, direction) {
    const sends = kind === 'video' && direction === 'sendrecv';
    const transceiver = this.pc.addTransceiver(kind, {
      direction,
      ...(sends ? { sendEncodings: [{ maxBitrate: VIDEO_BITRATE }] } : {}),
    });
    const codecs = preferredCodecs(kind);
    if (codecs.length && 'setCodecPreferences' in transceiver) {
      transceiver.setCodecPreferences(codecs);
    }
    return transceiver;
  }

  /**
   * Offers, after whatever is being offered now. Calls that wait for the same turn become one offer.
   * @returns {Promise<void>}
   */
  negotiate() {
    if (!this.#queued) {
      this.#queued = true;
      this.#queue = this.#queue.catch(() => {}).then(() => this.#offer());
    }
    return this.#queue;
  }

  /** The browser wants to say something new. While an offer is on its way it asks again afterwards by itself. */
  #needed() {
    if (this.#begun && !this.#offering && !this.#queued) this.negotiate().catch(() => {});
  }

  async #offer() {
    this.#queued = false;
    this.#begun = true;
    this.#offering = true;
    try {
      await this.#exchange();
    } finally {
      this.#offering = false;
    }
  }

  async #exchange() {
    if (this.#closed) return;
    await this.pc.setLocalDescription(await this.pc.createOffer());
    const offer = this.pc.localDescription?.sdp ?? '';
    let answer;
    try {
      answer = await this.exchange(offer);
    } catch (error) {
      // Nothing was agreed, so nothing may stay pending: the next offer starts clean, and only when somebody asks for it.
      this.#begun = false;
      if (!this.#closed) await this.pc.setLocalDescription({ type: 'rollback' }).catch(() => {});
      throw error;
    }
    if (this.#closed) return;
    await this.pc.setRemoteDescription({ type: 'answer', sdp: answer });
    this.show(this.#sections);
  }

  /**
   * Makes room for more people: adds receiving sections until there are enough, then offers.
   * @param {{audio: number, video: number}} wanted
   */
  async widen(wanted) {
    for (const kind of /** @type {Kind[]} */ (['audio', 'video'])) {
      const able = this.pc
        .getTransceivers()
        .filter((t) => t.receiver.track.kind === kind && t.direction.endsWith('recv')).length;
      for (let have = able; have < wanted[kind]; have += 1) this.#add(kind, 'recvonly');
    }
    await this.negotiate();
  }

  /** New ICE credentials on the same transport; the old path serves until the new one is checked. */
  async restart() {
    this.pc.restartIce();
    await this.negotiate();
  }

  /**
   * Sorts the receiving tracks by the people they belong to. Track ids say nothing (browsers use them again), sections do.
   * @param {Section[]} sections
   */
  show(sections) {
    this.#sections = sections;
    const tracks = new Map(this.pc.getTransceivers().map((t) => [t.mid, t.receiver.track]));
    const people = new Set(sections.map((section) => section.participant));
    for (const person of [...this.streams.keys()]) {
      if (!people.has(person)) this.streams.delete(person);
    }
    for (const person of people) {
      const stream = this.streams.get(person) ?? new MediaStream();
      this.streams.set(person, stream);
      const theirs = sections
        .filter((section) => section.participant === person)
        .map((section) => tracks.get(section.mid))
        .filter((track) => track !== undefined);
      for (const track of stream.getTracks()) if (!theirs.includes(track)) stream.removeTrack(track);
      for (const track of theirs) {
        stream.addTrack(track);
        // The first packet of a track is worth another look: until then there is nothing to show.
        track.onunmute = () => this.#emit('streams');
      }
    }
    this.#emit('streams');
  }

  close() {
    this.#closed = true;
    this.pc.close();
  }

  /** @param {string} type */
  #emit(type) {
    if (!this.#closed) this.dispatchEvent(new Event(type));
  }
}
