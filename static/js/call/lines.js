// What was and is said in a room: lines of before, lines that come, and what becomes of them. In the order of their numbers.

import { ask } from '../api.js';
import { tab } from '../memory.js';
import { session } from '../session.js';

/** @import { ServerMessage } from '../messages.d.ts' */
/** @import { ChatLine } from './state.js' */

/** Longest line, in characters. */
export const MOST_LINE = 1_000;
/** Lines fetched at a time. */
const PAGE = 50;
/** Stretches of missed lines that are fetched at most: whoever was away for longer scrolls up for the rest. */
const STRETCHES = 10;

/** @typedef {{id: string, seq: number, change: number, participant: string, user: {id: string} | null, name: string, text: string, created_at: string, edited_at: string | null, deleted: boolean}} Kept a line as the server keeps it */

/**
 * @param {Kept} line
 * @returns {ChatLine}
 */
const lineOf = ({ id, seq, participant, user, name, text, created_at: at, edited_at: edited, deleted }) => ({
  message: id,
  seq,
  participant,
  user: user?.id ?? null,
  name,
  text,
  at,
  edited: edited !== null,
  deleted,
});

/**
 * Each line once, the newer word for it winning, in the order of the room.
 * @param {ChatLine[]} lines
 * @param {ChatLine[]} more
 */
export function merge(lines, more) {
  const all = new Map(lines.map((line) => [line.message, line]));
  for (const line of more) all.set(line.message, line);
  return [...all.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * @param {ChatLine[]} lines
 * @param {ServerMessage} message
 * @param {string | null} user whose seat a new line comes from, where they have an account
 * @returns {ChatLine[]} the same list when the message changes nothing here
 */
export function hear(lines, message, user) {
  const change = (/** @type {string} */ id, /** @type {Partial<ChatLine>} */ patch) => lines.map((line) => (line.message === id ? { ...line, ...patch } : line));
  switch (message.type) {
    case 'chat': {
      const { message: id, seq, participant, name, text, at } = message;
      return merge(lines, [{ message: id, seq, participant, user, name, text, at, edited: false, deleted: false }]);
    }
    case 'chat-edited':
      return change(message.message, { text: message.text, edited: true });
    case 'chat-deleted':
      return change(message.message, { text: '', name: '', deleted: true });
    default:
      return lines;
  }
}

/** Who asks: an account, or for a guest the seat. @param {string} room */
const proof = (room) => (session.me ? {} : { anonymous: true, headers: { authorization: `Bearer ${tab.recall(`resume.${room}`, '')}` } });

/** @param {Kept[]} lines */
const latest = (lines) => Math.max(0, ...lines.map((line) => line.change));

/**
 * The lines before one, or the newest.
 * @param {string} room
 * @param {number} [before] a line's number
 * @returns {Promise<{lines: ChatLine[], more: boolean, seen: number}>} `seen`: the last change among them
 */
export async function earlier(room, before) {
  const { items, next_cursor: next } = await ask(`/rooms/${room}/messages`, { query: { limit: PAGE, before }, ...proof(room) });
  return { lines: items.map(lineOf), more: next !== null, seen: latest(items) };
}

/**
 * Everything after a change: what was said, changed and deleted while the connection was lost.
 * @param {string} room
 * @param {number} after the change's number
 * @returns {Promise<{lines: ChatLine[], seen: number, whole: boolean}>} `seen`: the last change among them; `whole`: there is no more
 */
export async function missed(room, after) {
  /** @type {ChatLine[]} */
  const lines = [];
  for (let i = 0; i < STRETCHES; i += 1) {
    const { items, next_cursor: next } = await ask(`/rooms/${room}/messages`, { query: { limit: PAGE, changed_after: after }, ...proof(room) });
    lines.push(...items.map(lineOf));
    after = Math.max(after, latest(items));
    if (next === null) return { lines, seen: after, whole: true };
  }
  return { lines, seen: after, whole: false };
}

/**
 * @param {string} room
 * @param {string} line
 * @param {string} text
 */
export const changeLine = (room, line, text) => ask(`/messages/${line}`, { method: 'PATCH', body: { text }, ...proof(room) });

/**
 * @param {string} room
 * @param {string} line
 */
export const deleteLine = (room, line) => ask(`/messages/${line}`, { method: 'DELETE', ...proof(room) });
