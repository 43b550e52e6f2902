// One key, one act; never while somebody writes, and all of it can be switched off.

import { browser } from '../memory.js';
import { HAND } from './roster.js';
import { stillOptions } from './stills.js';

/** @import { Call } from './call.js' */

/** @type {{key: string, name: string, run: (call: Call) => void}[]} */
export const SHORTCUTS = [
  { key: 'm', name: 'microphone', run: ({ media }) => void media.want('audio', !media.wants('audio')) },
  { key: 'v', name: 'camera', run: ({ media }) => void media.want('video', !media.wants('video')) },
  { key: 'e', name: 'bar.effects', run: (call) => call.open('effects') },
  { key: 's', name: 'bar.still', run: (call) => void call.stills.take(stillOptions()) },
  { key: 'c', name: 'bar.chat', run: (call) => call.open('chat') },
  { key: 'p', name: 'bar.people', run: (call) => call.open('people') },
  { key: 'i', name: 'bar.invite', run: (call) => call.open('invite') },
  { key: 'h', name: 'bar.hand', run: (call) => call.react(HAND) },
];

/** Where a letter is just a letter. */
const WRITING = 'input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]';

/** The physical key, so that a Hangul layout works too. */
const letter = (/** @type {KeyboardEvent} */ event) =>
  /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key.toLowerCase();

export const shortcutsOn = () => browser.recall('shortcuts', true);

/** @param {boolean} on */
export const turnShortcuts = (on) => browser.keep('shortcuts', on);

/**
 * @param {Call} call
 * @returns {() => void} stops following
 */
export function followShortcuts(call) {
  const press = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (event.target instanceof Element && event.target.closest(WRITING)) return;
    const shortcut = SHORTCUTS.find(({ key }) => key === letter(event));
    if (!shortcut || !shortcutsOn()) return;
    event.preventDefault();
    shortcut.run(call);
  };
  document.addEventListener('keydown', press);
  return () => document.removeEventListener('keydown', press);
}
