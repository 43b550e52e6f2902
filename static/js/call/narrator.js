// Which events of a call are worth saying aloud, and in which words.

import { t } from '../i18n.js';
import { HAND } from './roster.js';

/** @import { ServerMessage } from '../messages.d.ts' */
/** @import { Person } from './roster.js' */

/**
 * @param {ServerMessage} message
 * @param {Person[]} people as they were before it
 * @param {string} me
 * @param {(text: string) => void} say
 */
export function narrate(message, people, me, say) {
  const name = (/** @type {string} */ id) => people.find((p) => p.id === id)?.name ?? '';
  switch (message.type) {
    case 'joined':
      return say(t('say.joined', { name: message.participant.name }));
    case 'left':
      if (name(message.participant) === '') return;
      return say(t('say.left', { name: name(message.participant) }));
    case 'presence':
      return say(t(message.away ? 'say.away' : 'say.back', { name: name(message.participant) }));
    case 'chat':
      if (message.participant !== me) say(t('say.chat', { name: message.name, text: message.text }));
      return;
    case 'reaction':
      if (message.participant === me) return;
      if (message.emoji === HAND) say(t('say.hand', { name: name(message.participant) }));
      else say(t('say.reaction', { name: name(message.participant), emoji: message.emoji }));
      return;
    case 'mood': {
      const before = people.find((p) => p.id === message.participant)?.mood;
      if (message.participant === me || !message.mood || message.mood === before) return;
      say(t('say.mood', { name: name(message.participant), mood: t(`mood.${message.mood}`) }));
    }
  }
}
