// The instruments: how each voice of a score is made from an oscillator or from noise.

import { chance } from './chance.js';

/** @import { Note, Voice } from './score.js' */

/**
 * A tone that has a pitch.
 * @typedef {object} Tone
 * @property {number[]} partials strength of each harmonic
 * @property {number} attack seconds
 * @property {number} decay time constant towards `sustain`, in seconds
 * @property {number} sustain share of the peak that is held
 * @property {number} release time constant, in seconds
 * @property {number} cutoff of its low pass, in Hz
 * @property {number} level
 * @property {number} send share that goes to the room's echo
 * @property {number} pan -1 to 1
 * @property {number} [spread] cents by which a second oscillator is off
 */

/** @type {Partial<Record<Voice, Tone>>} */
export const TONES = {
  piano: { partials: [1, 0.45, 0.25, 0.14, 0.08, 0.04], attack: 0.004, decay: 0.7, sustain: 0.12, release: 0.12, cutoff: 3_200, level: 0.3, send: 0.22, pan: -0.12 },
  rhodes: { partials: [1, 0.12, 0.3, 0.02, 0.05], attack: 0.006, decay: 0.9, sustain: 0.2, release: 0.16, cutoff: 2_400, level: 0.3, send: 0.2, pan: -0.15 },
  pluck: { partials: [1, 0.5, 0.33, 0.25, 0.2, 0.16, 0.14], attack: 0.003, decay: 0.14, sustain: 0.1, release: 0.08, cutoff: 2_600, level: 0.27, send: 0.3, pan: 0.15, spread: 8 },
  guitar: { partials: [1, 0.6, 0.35, 0.3, 0.12, 0.1, 0.04], attack: 0.003, decay: 0.4, sustain: 0.06, release: 0.09, cutoff: 3_000, level: 0.28, send: 0.18, pan: -0.2 },
  strings: { partials: [1, 0.5, 0.33, 0.22, 0.16, 0.1], attack: 0.16, decay: 0.6, sustain: 0.75, release: 0.22, cutoff: 1_900, level: 0.2, send: 0.4, pan: 0.1, spread: 9 },
  bell: { partials: [1, 0.02, 0.18, 0, 0.06], attack: 0.004, decay: 0.5, sustain: 0.1, release: 0.22, cutoff: 5_000, level: 0.3, send: 0.4, pan: 0.14 },
  flute: { partials: [1, 0.22, 0.08, 0.03], attack: 0.045, decay: 0.4, sustain: 0.8, release: 0.08, cutoff: 3_200, level: 0.26, send: 0.35, pan: 0.1 },
  'soft-square': { partials: [1, 0, 0.3, 0, 0.14, 0, 0.06], attack: 0.012, decay: 0.3, sustain: 0.55, release: 0.07, cutoff: 2_600, level: 0.22, send: 0.28, pan: 0.12, spread: 6 },
  bass: { partials: [1, 0.45, 0.2, 0.1, 0.04], attack: 0.008, decay: 0.5, sustain: 0.45, release: 0.05, cutoff: 900, level: 0.42, send: 0, pan: 0 },
  sub: { partials: [1, 0.22, 0.06], attack: 0.012, decay: 0.6, sustain: 0.6, release: 0.07, cutoff: 600, level: 0.46, send: 0, pan: 0 },
  'saw-bass': { partials: [1, 0.5, 0.33, 0.25, 0.2, 0.16], attack: 0.006, decay: 0.2, sustain: 0.5, release: 0.04, cutoff: 760, level: 0.36, send: 0, pan: 0 },
};

/** Level, echo and place of the drums. @type {Record<'kick' | 'snare' | 'hat', {level: number, send: number, pan: number}>} */
export const DRUMS = {
  kick: { level: 0.62, send: 0, pan: 0 },
  snare: { level: 0.3, send: 0.16, pan: 0.04 },
  hat: { level: 0.13, send: 0.04, pan: 0.22 },
};

/** Longest time that a note is heard after its end, in time constants of its release. */
const FADES = 5;

/** What several songs share in one context. @typedef {{waves: Map<Voice, PeriodicWave>, noise: AudioBuffer}} Kit */

/** @type {WeakMap<BaseAudioContext, Kit>} */
const kits = new WeakMap();

/**
 * @param {BaseAudioContext} context
 * @returns {Kit}
 */
function kitOf(context) {
  const before = kits.get(context);
  if (before) return before;
  const waves = new Map();
  for (const [voice, { partials }] of Object.entries(TONES)) {
    const imaginary = new Float32Array([0, ...partials]);
    waves.set(voice, context.createPeriodicWave(new Float32Array(imaginary.length), imaginary));
  }
  const noise = context.createBuffer(1, context.sampleRate / 2, context.sampleRate);
  const draw = chance('noise');
  const samples = noise.getChannelData(0);
  for (let i = 0; i < samples.length; i += 1) samples[i] = draw() * 2 - 1;
  const kit = { waves, noise };
  kits.set(context, kit);
  return kit;
}

/** Prepares what the first note would have to wait for. @param {BaseAudioContext} context */
export const warmUp = (context) => void kitOf(context);

const hertz = (/** @type {number} */ pitch) => 440 * 2 ** ((pitch - 69) / 12);

/**
 * Plays one note of a score.
 * @param {BaseAudioContext} context
 * @param {AudioNode} bus
 * @param {Note} note
 * @param {number} at when, on the context's clock
 * @param {number} missed seconds of the note that are over already
 * @returns {AudioScheduledSourceNode[]} what can be stopped early
 */
export function sound(context, bus, note, at, missed) {
  const tone = TONES[note.voice];
  if (tone) return pitched(context, bus, note, tone, at, missed);
  // Half a stroke is worse than none.
  if (missed > 0) return [];
  return note.voice === 'kick' ? kick(context, bus, note, at) : noisy(context, bus, note, at);
}

/**
 * @param {BaseAudioContext} context
 * @param {AudioNode} bus
 * @param {Note} note
 * @param {Tone} tone
 * @param {number} at
 * @param {number} missed
 */
function pitched(context, bus, note, tone, at, missed) {
  const { waves } = kitOf(context);
  const envelope = context.createGain();
  const peak = tone.level * note.strength;
  const ends = at + note.length - missed;
  // What is met in the middle has faded already.
  const now = peak * (tone.sustain + (1 - tone.sustain) * Math.exp(-missed / tone.decay));
  const attack = missed > 0 ? 0.03 : Math.min(tone.attack, note.length / 2);
  envelope.gain.setValueAtTime(0, at);
  envelope.gain.linearRampToValueAtTime(now, at + attack);
  envelope.gain.setTargetAtTime(peak * tone.sustain, at + attack, tone.decay);
  envelope.gain.setTargetAtTime(0, Math.max(ends, at + attack), tone.release);
  envelope.connect(bus);
  const offs = tone.spread ? [-tone.spread / 2, tone.spread / 2] : [0];
  return offs.map((off) => {
    const oscillator = context.createOscillator();
    const wave = waves.get(note.voice);
    if (wave) oscillator.setPeriodicWave(wave);
    oscillator.frequency.value = hertz(note.pitch);
    oscillator.detune.value = off;
    oscillator.connect(envelope);
    oscillator.start(at);
    oscillator.stop(Math.max(ends, at + attack) + FADES * tone.release);
    return oscillator;
  });
}

/**
 * @param {BaseAudioContext} context
 * @param {AudioNode} bus
 * @param {Note} note
 * @param {number} at
 */
function kick(context, bus, { strength }, at) {
  const oscillator = context.createOscillator();
  const envelope = context.createGain();
  oscillator.frequency.setValueAtTime(140, at);
  oscillator.frequency.exponentialRampToValueAtTime(46, at + 0.11);
  envelope.gain.setValueAtTime(0, at);
  envelope.gain.linearRampToValueAtTime(DRUMS.kick.level * strength, at + 0.003);
  envelope.gain.setTargetAtTime(0, at + 0.02, 0.07);
  oscillator.connect(envelope).connect(bus);
  oscillator.start(at);
  oscillator.stop(at + 0.45);
  return [oscillator];
}

/**
 * @param {BaseAudioContext} context
 * @param {AudioNode} bus
 * @param {Note} note
 * @param {number} at
 */
function noisy(context, bus, { voice, strength }, at) {
  const hat = voice === 'hat';
  const source = context.createBufferSource();
  const filter = context.createBiquadFilter();
  const envelope = context.createGain();
  source.buffer = kitOf(context).noise;
  filter.type = hat ? 'highpass' : 'bandpass';
  filter.frequency.value = hat ? 7_000 : 1_700;
  filter.Q.value = hat ? 0.5 : 0.7;
  const { level } = hat ? DRUMS.hat : DRUMS.snare;
  envelope.gain.setValueAtTime(0, at);
  envelope.gain.linearRampToValueAtTime(level * strength, at + 0.002);
  envelope.gain.setTargetAtTime(0, at + 0.004, hat ? 0.02 : 0.06);
  source.connect(filter).connect(envelope).connect(bus);
  source.start(at);
  source.stop(at + (hat ? 0.12 : 0.36));
  return [source];
}
