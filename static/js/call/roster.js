// Who is in the room: pure functions from the old list and a message to the new list.

/** @import { Participant, Rung, ServerMessage } from '../messages.d.ts' */

/**
 * @typedef {Participant & {confidence?: number, bars?: number, rung?: Rung, handSince?: number}} Person
 */

/** The reaction that stands for a raised hand; said again, it lowers it. */
export const HAND = '✋';

/**
 * @param {Person[]} people
 * @param {string} id
 * @param {(person: Person) => Partial<Person>} patch
 * @returns {Person[]}
 */
const change = (people, id, patch) =>
  people.map((person) => (person.id === id ? { ...person, ...patch(person) } : person));

/**
 * @param {Person[]} people
 * @param {Participant[]} roster
 * @returns {Person[]} the roster, with what only we remember of each
 */
function merge(people, roster) {
  const known = new Map(people.map((person) => [person.id, person]));
  return roster.map((seat) => ({ ...known.get(seat.id), ...seat }));
}

/**
 * @param {Person[]} people
 * @param {ServerMessage} message
 * @returns {Person[]} the same list when the message changes nothing here
 */
export function apply(people, message) {
  switch (message.type) {
    case 'roster':
      return merge(people, message.participants);
    case 'joined':
      return [...people.filter((p) => p.id !== message.participant.id), message.participant];
    case 'left':
      return people.filter((p) => p.id !== message.participant);
    case 'presence':
      return change(people, message.participant, () => ({ away: message.away }));
    case 'published':
      return change(people, message.participant, ({ tracks }) => ({
        tracks: [...tracks.filter((t) => t.id !== message.track.id), message.track],
      }));
    case 'unpublished':
      return change(people, message.participant, ({ tracks }) => ({
        tracks: tracks.filter((t) => t.id !== message.track),
      }));
    case 'muted':
      return change(people, message.participant, ({ tracks }) => ({
        tracks: tracks.map((t) => (t.id === message.track ? { ...t, muted: message.muted } : t)),
      }));
    case 'effects':
      return change(people, message.participant, ({ rung }) => ({
        effects: message.effects,
        rung: message.effects.mode === 'off' ? undefined : rung,
      }));
    case 'mood':
      return change(people, message.participant, () => ({
        mood: message.mood,
        confidence: message.confidence,
      }));
    case 'quality':
      return change(people, message.participant, ({ bars, rung }) => ({
        bars: message.bars ?? bars,
        rung: message.rung ?? rung,
      }));
    case 'reaction':
      if (message.emoji !== HAND) return people;
      return change(people, message.participant, ({ handSince }) => ({
        handSince: handSince ? undefined : Date.now(),
      }));
    default:
      return people;
  }
}

/**
 * Whether somebody's camera or microphone can be seen or heard now.
 * @param {Participant} person
 * @param {'audio' | 'video'} kind
 */
export const sends = (person, kind) =>
  person.tracks.some((track) => track.kind === kind && !track.muted);
