// What a call looks like at one moment: everything that the page draws from, and nothing else.

/** @import { Effects, FilterState } from '../messages.d.ts' */
/** @import { Person } from './roster.js' */

/** @typedef {'effects' | 'chat' | 'people' | 'invite' | 'settings' | 'soundtrack' | null} Panel */
/**
 * `seq`: counts within the room; `user`: who said it, where they have an account.
 * @typedef {{message: string, seq: number, participant: string, user: string | null, name: string, text: string, at: string, edited: boolean, deleted: boolean}} ChatLine
 */
/** @typedef {{still: string, width: number, height: number, png: string, webp: string}} Still */
/** @typedef {{id: number, text: string, tone: 'plain' | 'warn'}} Toast */

/**
 * @typedef {object} CallState
 * @property {'joining' | 'in' | 'ended'} phase
 * @property {string} code why it ended
 * @property {string} me our participant id
 * @property {number} capacity
 * @property {FilterState} filter
 * @property {Person[]} people
 * @property {Map<string, MediaStream>} streams what is received, by participant
 * @property {number | null} lostSince since when the server or the media is out of reach, in ms since 1970
 * @property {Effects} effects what we wished for
 * @property {boolean} agreed to our own expression being analyzed
 * @property {boolean} shares our mood with the room
 * @property {boolean} asOthersSee our own tile shows what the server sends of us
 * @property {Panel} panel
 * @property {ChatLine[]} chat
 * @property {{loading: boolean, more: boolean, failed: boolean}} older lines that were said before
 * @property {number} unread
 * @property {Still[]} stills
 * @property {boolean} shooting a still is being made
 * @property {number} flash counts stills, so that each flashes once
 * @property {Toast[]} toasts
 * @property {{id: number, emoji: string, participant: string}[]} bursts reactions in the air
 * @property {boolean} silenced the browser waits for a gesture before it plays sound
 */

/** @returns {CallState} */
export const emptyCall = () => ({
  phase: 'joining',
  code: '',
  me: '',
  capacity: 2,
  filter: { available: true },
  people: [],
  streams: new Map(),
  lostSince: null,
  effects: { mode: 'off' },
  agreed: false,
  shares: true,
  asOthersSee: true,
  panel: null,
  chat: [],
  older: { loading: false, more: false, failed: false },
  unread: 0,
  stills: [],
  shooting: false,
  flash: 0,
  toasts: [],
  bursts: [],
  silenced: false,
});
