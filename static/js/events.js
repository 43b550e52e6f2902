// Server-sent events, read by `fetch` so that the access token goes along. What is said is handed on one by one.

import { openStream } from './api.js';

/** @typedef {{event: string, data: string}} Said */

/**
 * Everything that is said until the server, the network or `signal` ends it.
 * @param {string} path below `/api/v1`
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<Said>}
 */
export async function* events(path, signal) {
  const response = await openStream(path, signal);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const said = parsed(block);
        if (said) yield said;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * @param {string} block lines up to an empty one
 * @returns {Said | null} null for a comment that only keeps the line open
 */
export function parsed(block) {
  let event = 'message';
  /** @type {string[]} */
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    const [, name, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
  }
  return data.length ? { event, data: data.join('\n') } : null;
}
