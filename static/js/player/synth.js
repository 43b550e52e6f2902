// Plays scores: an output with echo and limiter, and takes, each of which plays one score from one position. A context that
// plays and one that only computes (`OfflineAudioContext`) are treated alike.

import { chance } from './chance.js';
import { DRUMS, TONES, sound, warmUp } from './voices.js';

/** @import { Note, Score, Voice } from './score.js' */

/** Time constant of whatever gets louder or more quiet at once: short enough for a click of a button, too long for one of sound. */
const SMOOTH_S = 0.012;
/** When a take that was stopped is silent, in seconds. */
const SILENT_S = 0.1;
const ECHO_S = 1.3;
/** Nothing is louder than this, whatever plays. */
export const CEILING = 0.9;
const KNEE = 0.66;

/** Where takes play: echo, limiter, volume. */
export class Output {
  #volume;

  /**
   * @param {BaseAudioContext} context
   * @param {number} volume 0 to 1
   */
  constructor(context, volume) {
    this.context = context;
    warmUp(context);
    this.#volume = context.createGain();
    this.#volume.gain.value = loudness(volume);
    const ceiling = context.createWaveShaper();
    ceiling.curve = curve();
    const limiter = context.createDynamicsCompressor();
    limiter.threshold.value = -16;
    limiter.knee.value = 12;
    limiter.ratio.value = 5;
    limiter.attack.value = 0.004;
    limiter.release.value = 0.18;
    const trim = context.createGain();
    trim.gain.value = 0.8;
    /** Takes play in here. @type {AudioNode} */
    this.dry = context.createGain();
    const echo = context.createConvolver();
    echo.buffer = room(context);
    const back = context.createGain();
    back.gain.value = 0.5;
    /** And what of them shall echo, in here. @type {AudioNode} */
    this.wet = context.createGain();
    this.dry.connect(limiter);
    this.wet.connect(echo).connect(back).connect(limiter);
    limiter.connect(trim).connect(ceiling).connect(this.#volume).connect(context.destination);
  }

  /** @param {number} volume 0 to 1, as a slider has it */
  set volume(volume) {
    this.#volume.gain.setTargetAtTime(loudness(volume), this.context.currentTime, SMOOTH_S);
  }

  close() {
    this.#volume.disconnect();
  }
}

/** Ears hear the square. @param {number} volume */
const loudness = (volume) => Math.min(1, Math.max(0, volume)) ** 2;

/** Straight up to a knee, then bent, never above the ceiling. */
function curve() {
  const points = new Float32Array(2_049);
  const rest = CEILING - KNEE;
  for (let i = 0; i < points.length; i += 1) {
    const x = (i / (points.length - 1)) * 2 - 1;
    const size = Math.abs(x);
    points[i] = Math.sign(x) * (size < KNEE ? size : KNEE + rest * Math.tanh((size - KNEE) / rest));
  }
  return points;
}

/** The answer of a small room to a clap. @param {BaseAudioContext} context */
function room(context) {
  const length = Math.round(ECHO_S * context.sampleRate);
  const buffer = context.createBuffer(2, length, context.sampleRate);
  for (const side of [0, 1]) {
    const samples = buffer.getChannelData(side);
    const draw = chance('room', side);
    let soft = 0;
    for (let i = 0; i < length; i += 1) {
      // High tones die in the walls.
      soft += 0.35 * (draw() * 2 - 1 - soft);
      samples[i] = soft * Math.exp((-5.5 * i) / length);
    }
  }
  return buffer;
}

/** One score, played from one position until it ends or is stopped. Its notes are put on the context's clock piece by piece. */
export class Take {
  /** @type {GainNode} */
  #dry;
  /** @type {GainNode} */
  #wet;
  /** @type {Map<Voice, AudioNode>} */
  #buses = new Map();
  /** @type {Set<AudioScheduledSourceNode>} */
  #sources = new Set();
  #next = 0;
  #stopped = false;

  /**
   * @param {Output} output
   * @param {Score} score
   * @param {number} from position in the score, in seconds
   * @param {number} at when that position is played, on the context's clock
   */
  constructor(output, score, from, at) {
    const { context } = output;
    this.context = context;
    this.score = score;
    this.from = from;
    this.at = at;
    this.#dry = context.createGain();
    this.#wet = context.createGain();
    for (const side of [this.#dry, this.#wet]) side.gain.setValueAtTime(1, at);
    this.#dry.connect(output.dry);
    this.#wet.connect(output.wet);
    const { notes, longest } = score;
    while (this.#next < notes.length && /** @type {Note} */ (notes[this.#next]).at < from - longest) this.#next += 1;
  }

  /** Where it is, in seconds of the score. */
  get position() {
    return this.positionAt(this.context.currentTime);
  }

  /** @param {number} time on the context's clock */
  positionAt(time) {
    return Math.min(this.score.seconds, Math.max(this.from, this.from + time - this.at));
  }

  /** Puts everything that begins before a moment on the clock. @param {number} until on the context's clock */
  schedule(until) {
    const { notes } = this.score;
    while (!this.#stopped && this.#next < notes.length) {
      const note = /** @type {Note} */ (notes[this.#next]);
      const at = this.at + note.at - this.from;
      if (at >= until) return;
      this.#next += 1;
      // Late ones (a page that slept) are left out; what still sounds at the start is met in the middle.
      const begins = Math.max(at, this.at, this.context.currentTime);
      const missed = begins - at;
      if (missed > 0 && note.length - missed < 0.15) continue;
      for (const source of sound(this.context, this.#bus(note.voice), note, begins, missed)) {
        this.#sources.add(source);
        source.onended = () => this.#sources.delete(source);
      }
    }
  }

  /** @param {Voice} voice */
  #bus(voice) {
    const before = this.#buses.get(voice);
    if (before) return before;
    const { context } = this;
    const tone = TONES[voice];
    const { send, pan } = tone ?? DRUMS[/** @type {'kick'} */ (voice)];
    const place = context.createStereoPanner();
    place.pan.value = pan;
    /** @type {AudioNode} */
    let bus = place;
    if (tone) {
      const filter = context.createBiquadFilter();
      filter.type = 'lowpass';
      // Brighter songs sound brighter, without getting sharp.
      filter.frequency.value = tone.cutoff * (0.7 + 0.35 * this.score.energy + 0.15 * this.score.valence);
      filter.Q.value = 0.4;
      filter.connect(place);
      bus = filter;
    }
    place.connect(this.#dry);
    if (send) {
      const amount = context.createGain();
      amount.gain.value = send;
      place.connect(amount).connect(this.#wet);
    }
    this.#buses.set(voice, bus);
    return bus;
  }

  /** Fades in, where something else plays until now. */
  fadeIn() {
    for (const { gain } of [this.#dry, this.#wet]) {
      gain.cancelScheduledValues(0);
      gain.setValueAtTime(0, this.context.currentTime);
      gain.setValueAtTime(0, this.at);
      gain.setTargetAtTime(1, this.at, SMOOTH_S);
    }
  }

  /** Falls silent, without a click. @param {number} [when] on the context's clock */
  stop(when = this.context.currentTime) {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const { gain } of [this.#dry, this.#wet]) {
      gain.cancelScheduledValues(when);
      gain.setTargetAtTime(0, when, SMOOTH_S);
    }
    for (const source of this.#sources) source.stop(when + SILENT_S);
    const left = Math.max(0, when - this.context.currentTime) + SILENT_S + 0.05;
    setTimeout(() => {
      this.#dry.disconnect();
      this.#wet.disconnect();
    }, left * 1_000);
  }
}
