// A song's preview as notes: what its data says becomes an arrangement, the same one every time. It knows no sound and no clock.

import { chance } from './chance.js';
import { grooveOf } from './grooves.js';
import { keyOf, progressions, voicing } from './harmony.js';
import { tune } from './melody.js';

/** @import { Groove } from './grooves.js' */
/** @import { Key } from './harmony.js' */

/**
 * What the server says of how a song sounds. A song that somebody named may lack tempo, energy and valence.
 * @typedef {object} PreviewData
 * @property {number | null} [tempo] beats per minute
 * @property {number} pitch semitones above C
 * @property {boolean} minor
 * @property {number | null} [energy] 0 to 1
 * @property {number | null} [valence] 0 to 1
 * @property {string | null} [genre]
 * @property {number | string} seed
 * @property {number} seconds
 */

/** @typedef {'piano' | 'rhodes' | 'pluck' | 'guitar' | 'strings' | 'bell' | 'flute' | 'soft-square' | 'bass' | 'sub' | 'saw-bass' | 'kick' | 'snare' | 'hat'} Voice */

/**
 * `part`: what it plays in the arrangement; `pitch`: a MIDI number, 0 for drums; `strength`: 0 to 1.
 * @typedef {{at: number, length: number, voice: Voice, part: 'chords' | 'bass' | 'melody' | 'drums', pitch: number, strength: number}} Note
 */

/**
 * `beat`: seconds of one; `longest`: seconds of the longest note, so that a player finds what sounds at a moment.
 * @typedef {{seconds: number, tempo: number, beat: number, energy: number, valence: number, notes: Note[], longest: number}} Score
 */

const BEATS = 4;
const SIXTEENTHS = 16;
/** Bars of a verse or a chorus. */
const SECTION = 8;
const INTRO = 4;
/** Lower ones small speakers cannot play; higher ones are no bass. MIDI numbers. */
const LOWEST_BASS = 35;
const HIGHEST_BASS = 55;

/** @type {Map<PreviewData, Score>} */
const known = new Map();
const KNOWN = 16;

/**
 * @param {PreviewData} data
 * @returns {Score}
 */
export function compose(data) {
  const before = known.get(data);
  if (before) return before;
  const score = new Composition(data).score();
  known.set(data, score);
  if (known.size > KNOWN) known.delete(/** @type {PreviewData} */ (known.keys().next().value));
  return score;
}

/** @param {number | null | undefined} share @param {number} otherwise */
const shareOf = (share, otherwise) => Math.min(1, Math.max(0, share ?? otherwise));

/** Seconds of a preview, whatever was said of it. @param {PreviewData} data */
export const secondsOf = ({ seconds }) => Math.max(1, Number(seconds) || 0);

/** Which of four degrees of drive. @param {number} energy */
const drive = (energy) => Math.min(3, Math.floor(energy * 4));

class Composition {
  /** @type {Note[]} */
  #notes = [];
  /** @type {number[]} */
  #hand = [];

  /** @param {PreviewData} data */
  constructor(data) {
    this.seconds = secondsOf(data);
    this.tempo = Math.min(220, Math.max(40, data.tempo || 100));
    this.beat = 60 / this.tempo;
    this.energy = shareOf(data.energy, 0.5);
    this.valence = shareOf(data.valence, 0.5);
    /** @type {Groove} */
    this.groove = grooveOf(data.genre);
    /** @type {Key} */
    this.key = keyOf((((data.pitch | 0) % 12) + 12) % 12, Boolean(data.minor));
    this.seed = data.seed;
    this.draw = chance(data.seed, 'harmony');
    this.human = chance(data.seed, 'touch');
    this.bars = Math.max(1, Math.floor(this.seconds / (this.beat * BEATS)));
  }

  /** @returns {Score} */
  score() {
    const { verse, chorus } = progressions(this.draw, this.key.minor, this.valence);
    const lively = Math.min(3, drive(this.energy * 0.8 + this.draw() * 0.2));
    const tunes = {
      verse: tune(`${this.seed}/verse`, [...verse, ...verse], lively, 0),
      chorus: tune(`${this.seed}/chorus`, [...chorus, ...chorus], Math.min(3, lively + 1), this.valence > 0.5 ? 2 : 1),
    };
    const last = this.bars - 1;
    for (let bar = 0; bar < last; bar += 1) {
      const { name, inside, level } = this.#section(bar);
      const chords = name === 'chorus' ? chorus : verse;
      this.#chord(bar, chords[inside % chords.length] ?? 0, level, name);
      if (name !== 'intro') this.#tune(bar, inside, name === 'chorus' ? tunes.chorus : tunes.verse, level);
      if (name !== 'intro' || inside >= INTRO / 2) this.#drums(bar, level, inside === SECTION - 1 || bar === last - 1);
    }
    this.#end(last);
    const notes = this.#notes.filter(({ at }) => at < this.seconds - 0.05);
    for (const note of notes) note.length = Math.min(note.length, this.seconds - note.at);
    notes.sort((a, b) => a.at - b.at);
    const longest = notes.reduce((most, { length }) => Math.max(most, length), 0);
    const { seconds, tempo, beat, energy, valence } = this;
    return { seconds, tempo, beat, energy, valence, notes, longest };
  }

  /**
   * Where in the form a bar is. After an intro, verse and chorus take turns.
   * @param {number} bar
   * @returns {{name: 'intro' | 'verse' | 'chorus', inside: number, level: number}}
   */
  #section(bar) {
    const intro = this.bars > 2 * SECTION ? INTRO : 0;
    if (bar < intro) return { name: 'intro', inside: bar, level: 0.74 };
    const past = bar - intro;
    const turn = Math.floor(past / SECTION);
    const name = turn % 2 === 0 ? 'verse' : 'chorus';
    return { name, inside: past % SECTION, level: name === 'chorus' ? 1 : 0.86 };
  }

  /** When a sixteenth of a bar begins. @param {number} bar @param {number} sixteenth */
  #time(bar, sixteenth) {
    const late = sixteenth % 2 === 1 ? this.groove.swing : 0;
    return (bar * BEATS + (sixteenth + late) / 4) * this.beat;
  }

  /**
   * @param {Note['part']} part
   * @param {Voice} voice
   * @param {number} at
   * @param {number} length
   * @param {number} pitch
   * @param {number} strength
   */
  #play(part, voice, at, length, pitch, strength) {
    // Nobody plays every note as strongly as the last.
    const touch = 0.92 + 0.16 * this.human();
    const loud = (0.62 + 0.38 * this.energy) * strength * touch;
    this.#notes.push({ at, length, voice, part, pitch, strength: Math.min(1, loud) });
  }

  /**
   * Chords and bass of one bar.
   * @param {number} bar
   * @param {number} degree
   * @param {number} level
   * @param {'intro' | 'verse' | 'chorus'} name
   */
  #chord(bar, degree, level, name) {
    const { groove, key } = this;
    const most = drive(this.energy);
    const busy = name === 'intro' ? Math.max(0, most - 1) : most;
    const steps = voicing(key, degree, groove.sevenths, this.#hand);
    this.#hand = steps;
    const comping = groove.comping[busy] ?? '';
    each(comping, (sign, sixteenth, held) => {
      const length = (held / 4) * this.beat * 0.96;
      const chosen = sign === 'x' || sign === 'o' ? steps : [steps[Number(sign) % steps.length] ?? degree];
      const soft = sign === 'o' ? 0.6 : 1;
      // One note of an arpeggio may be heard better than each of a chord's.
      const share = chosen.length === 1 ? 0.8 : 1.5 / chosen.length;
      for (const step of chosen) this.#play('chords', groove.keys, this.#time(bar, sixteenth), length, key.note(step), level * soft * share);
    });
    if (name === 'intro' && bar < INTRO / 2) return;
    each(groove.bassLines[busy] ?? '', (sign, sixteenth, held) => {
      const step = degree - 14 + ({ 5: 4, 8: 7 }[sign] ?? 0);
      const low = key.note(step) < LOWEST_BASS ? step + 7 : key.note(step) > HIGHEST_BASS ? step - 7 : step;
      this.#play('bass', groove.bass, this.#time(bar, sixteenth), (held / 4) * this.beat * 0.92, key.note(low), level * (sixteenth === 0 ? 0.95 : 0.8));
    });
  }

  /**
   * @param {number} bar
   * @param {number} inside which bar of the section
   * @param {{at: number, length: number, step: number}[]} notes
   * @param {number} level
   */
  #tune(bar, inside, notes, level) {
    for (const { at, length, step } of notes) {
      if (Math.floor(at / 8) !== inside) continue;
      const eighth = at % 8;
      const accent = eighth % 4 === 0 ? 1 : 0.86;
      this.#play('melody', this.groove.lead, this.#time(bar, eighth * 2), (length / 2) * this.beat * 0.94, this.key.note(step), level * accent * 0.9);
    }
  }

  /**
   * @param {number} bar
   * @param {number} level
   * @param {boolean} fill whether something new begins with the next bar
   */
  #drums(bar, level, fill) {
    const kit = this.groove.kits[drive(this.energy)];
    if (!kit) return;
    for (const voice of /** @type {const} */ (['kick', 'snare', 'hat'])) {
      each(kit[voice], (sign, sixteenth) => {
        const hit = sign === 'x' ? 1 : 0.5;
        this.#play('drums', voice, this.#time(bar, sixteenth), 0.25, 0, level * hit);
      });
    }
    if (!fill || !kit.snare.includes('x')) return;
    for (const sixteenth of [13, 14, 15]) this.#play('drums', 'snare', this.#time(bar, sixteenth), 0.2, 0, level * (0.3 + 0.12 * (sixteenth - 12)));
  }

  /** The last bar comes home and rings. @param {number} bar */
  #end(bar) {
    const { groove, key, beat } = this;
    const at = this.#time(bar, 0);
    const length = Math.max(beat, this.seconds - at - 0.4);
    const steps = voicing(key, 0, false, this.#hand);
    for (const step of steps) this.#play('chords', groove.keys, at, length, key.note(step), 1.4 / steps.length);
    this.#play('bass', groove.bass, at, length, key.note(key.note(-14) < LOWEST_BASS ? -7 : -14), 0.85);
    this.#play('melody', groove.lead, at, length, key.note(7), 0.7);
    if (groove.kits[drive(this.energy)]?.kick.includes('x')) this.#play('drums', 'kick', at, 0.25, 0, 0.9);
  }
}

/**
 * @param {string} pattern sixteen steps
 * @param {(sign: string, sixteenth: number, held: number) => void} act `held`: sixteenths until the note ends
 */
function each(pattern, act) {
  for (let i = 0; i < SIXTEENTHS; i += 1) {
    const sign = pattern[i];
    if (sign === undefined || sign === '.' || sign === '-') continue;
    let held = 1;
    while (pattern[i + held] === '-') held += 1;
    act(sign, i, held);
  }
}
