// What a genre sounds like: who plays, and the patterns that they play. Sixteen steps are one bar.

/**
 * `x` is a stroke, `o` a soft one, `.` a rest.
 * @typedef {object} Kit
 * @property {string} kick
 * @property {string} snare
 * @property {string} hat
 */

/**
 * @typedef {object} Groove
 * @property {import('./score.js').Voice} keys
 * @property {import('./score.js').Voice} lead
 * @property {import('./score.js').Voice} bass
 * @property {Kit[]} kits from calm to driven
 * @property {string[]} bassLines likewise: `1` the root, `5` the fifth, `8` the octave, `-` holds on
 * @property {string[]} comping likewise: `x` the whole chord, `o` softly, a digit one of its notes, `-` holds on
 * @property {boolean} sevenths
 * @property {number} swing how late the second of two sixteenths comes, as a share of one
 */

/** @type {Kit} */
const NO_DRUMS = { kick: '................', snare: '................', hat: '................' };
/** @type {Kit} */
const BRUSHES = { kick: 'o...............', snare: '................', hat: '....o.......o...' };

/** @type {Groove} */
const POP = {
  keys: 'piano',
  lead: 'bell',
  bass: 'bass',
  kits: [
    BRUSHES,
    { kick: 'x.......x.......', snare: '....x.......x...', hat: 'o...o...o...o...' },
    { kick: 'x.....x.x.......', snare: '....x.......x...', hat: 'x.o.x.o.x.o.x.o.' },
    { kick: 'x...x...x...x...', snare: '....x.......x...', hat: 'x.o.x.o.x.o.x.oo' },
  ],
  bassLines: ['1---------------', '1-------1---5---', '1-----1-1---5-1-', '1-1-1-1-1-1-5-8-'],
  comping: ['x---------------', 'x-------o-------', 'x---o---x---o---', 'x--o--o-x--o--o-'],
  sevenths: false,
  swing: 0,
};

/** @type {Record<string, Groove>} */
const GROOVES = {
  pop: POP,
  'k-pop': {
    ...POP,
    keys: 'pluck',
    lead: 'soft-square',
    kits: [
      BRUSHES,
      { kick: 'x......x..x.....', snare: '....x.......x...', hat: 'o.o.o.o.o.o.o.o.' },
      { kick: 'x..x..x...x.....', snare: '....x.......x..o', hat: 'x.oox.oox.oox.oo' },
      { kick: 'x...x...x...x...', snare: '....x.......x.oo', hat: '..x...x...x...x.' },
    ],
    bassLines: ['1---------------', '1------1--5-----', '1--1--1---5---8-', '..1-..8-..1-..8-'],
    comping: ['0-1-2-1-0-1-2-1-', 'x--x--x---------', 'x--x--x---x-x---', '..x-..x-..x-..x-'],
  },
  'j-pop': {
    ...POP,
    lead: 'flute',
    kits: [
      BRUSHES,
      { kick: 'x.......x.x.....', snare: '....x.......x...', hat: 'x.o.x.o.x.o.x.o.' },
      { kick: 'x..x....x.x.....', snare: '....x.......x...', hat: 'x.x.x.x.x.x.x.x.' },
      { kick: 'x.x...x.x.x.....', snare: '....x..o.o..x...', hat: 'x.x.x.x.x.x.x.x.' },
    ],
    comping: ['x-------2-1-----', 'x---o---x---o---', 'x-o-o-x-o-o-x-o-', 'x-o-x-o-x-o-x-o-'],
  },
  'hip-hop': {
    keys: 'rhodes',
    lead: 'bell',
    bass: 'sub',
    kits: [
      { kick: 'o.........o.....', snare: '....o.......o...', hat: 'o...o...o...o...' },
      { kick: 'x......x..x.....', snare: '....x.......x...', hat: 'x.o.x.o.x.o.x.o.' },
      { kick: 'x..x...x..x.....', snare: '....x.......x...', hat: 'x.oox.o.x.oox.o.' },
      { kick: 'x..x..x...x..x..', snare: '....x.......x..o', hat: 'xoxoxooxxoxoxoox' },
    ],
    bassLines: ['1---------------', '1------1--5-----', '1------1--1---5-', '1--1------1--8--'],
    comping: ['x---------------', 'x---------o-----', 'x------o--o-----', 'x--o---o--x-----'],
    sevenths: true,
    swing: 0.22,
  },
  rnb: {
    keys: 'rhodes',
    lead: 'flute',
    bass: 'sub',
    kits: [
      { kick: 'o...............', snare: '....o.......o...', hat: 'o...o...o...o...' },
      { kick: 'x.....x.........', snare: '....x.......x...', hat: 'o.o.o.o.o.o.o.o.' },
      { kick: 'x..x..x....x....', snare: '....x.......x...', hat: 'x.oox.oox.oox.oo' },
      { kick: 'x..x..x...xx....', snare: '....x..o....x...', hat: 'xoooxoooxoooxooo' },
    ],
    bassLines: ['1---------------', '1-----1---5-----', '1--1------5-1---', '1--1--8---5-1-8-'],
    comping: ['x---------------', 'x-----o---------', 'x-----o---x-----', 'x--o--x---o--x--'],
    sevenths: true,
    swing: 0.16,
  },
  ballad: {
    keys: 'piano',
    lead: 'strings',
    bass: 'bass',
    kits: [NO_DRUMS, NO_DRUMS, BRUSHES, { kick: 'x.......x.......', snare: '....o.......o...', hat: 'o...o...o...o...' }],
    bassLines: ['1---------------', '1---------------', '1-------5-------', '1-------1---5---'],
    comping: ['0---1---2---1---', '0-1-2-1-0-1-2-1-', '0-1-2-1-x---2-1-', 'x---o---x---o---'],
    sevenths: true,
    swing: 0,
  },
  dance: {
    keys: 'pluck',
    lead: 'soft-square',
    bass: 'saw-bass',
    kits: [
      { kick: 'x...x...x...x...', snare: '................', hat: '..o...o...o...o.' },
      { kick: 'x...x...x...x...', snare: '....o.......o...', hat: '..x...x...x...x.' },
      { kick: 'x...x...x...x...', snare: '....x.......x...', hat: 'o.x.o.x.o.x.o.x.' },
      { kick: 'x...x...x...x..o', snare: '....x.......x...', hat: 'ooxoooxoooxoooxo' },
    ],
    bassLines: ['1-------1-------', '..1-..1-..1-..1-', '..1-..8-..1-..8-', '.11-.11-.11-.18-'],
    comping: ['x-------x-------', 'x-----x-----x---', 'x--x--x--x--x-x-', 'x--x--x-x--x--x-'],
    sevenths: false,
    swing: 0,
  },
  indie: {
    keys: 'guitar',
    lead: 'flute',
    bass: 'bass',
    kits: [
      NO_DRUMS,
      { kick: 'x.......x.......', snare: '....o.......o...', hat: 'o.o.o.o.o.o.o.o.' },
      { kick: 'x.....x...x.....', snare: '....x.......x...', hat: 'x.o.x.o.x.o.x.o.' },
      { kick: 'x.x...x.x.x.....', snare: '....x.......x...', hat: 'x.x.x.x.x.x.x.x.' },
    ],
    bassLines: ['1-------5-------', '1-------1-------', '1---1---1---5---', '1-1-1-1-1-1-1-5-'],
    comping: ['0-1-2-1-0-1-2-1-', '0-1-2-1-2-1-2-1-', 'x---o-x---x-o-x-', 'x-xox-xox-xox-xo'],
    sevenths: false,
    swing: 0.05,
  },
  ost: {
    keys: 'strings',
    lead: 'bell',
    bass: 'sub',
    kits: [NO_DRUMS, NO_DRUMS, { kick: 'x...............', snare: '................', hat: '................' }, { kick: 'x.....x.x.......', snare: '............o.o.', hat: '................' }],
    bassLines: ['1---------------', '1---------------', '1-------5-------', '1---1---1---1---'],
    comping: ['x---------------', 'x---------------', 'x-------x-------', 'x-----x-----x---'],
    sevenths: true,
    swing: 0,
  },
};

/** @param {string | null | undefined} genre */
export const grooveOf = (genre) => GROOVES[genre ?? ''] ?? POP;
