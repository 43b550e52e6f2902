// The chat of one call: what is heard while we are here, what was said before, and what was missed in between.

import { earlier, hear, merge, missed } from './lines.js';

/** @import { ServerMessage } from '../messages.d.ts' */
/** @import { Call } from './call.js' */
/** @import { Person } from './roster.js' */
/** @import { ChatLine } from './state.js' */

export class Talk {
  /** The last change of a line that was heard here. */
  #seen = 0;
  /** Where a catch-up that is not done began: what is heard meanwhile is no sign that nothing is missing before it. */
  #gap = /** @type {number | null} */ (null);

  /** @param {Call} call */
  constructor(call) {
    this.call = call;
  }

  /** @param {number} change */
  #saw(change) {
    this.#seen = Math.max(this.#seen, change);
  }

  /**
   * @param {Extract<ServerMessage, {type: 'chat' | 'chat-edited' | 'chat-deleted'}>} message
   * @param {Person[]} people who were there when it was said
   */
  hear(message, people) {
    const { chat } = this.call.value;
    this.#saw(message.change);
    if (message.type !== 'chat') return this.call.set({ chat: hear(chat, message, null) });
    const speaker = people.find(({ id }) => id === message.participant);
    this.#said(hear(chat, message, speaker?.user?.id ?? null));
  }

  /** @param {ChatLine[]} chat with lines that are new */
  #said(chat) {
    const { chat: before, panel, unread } = this.call.value;
    this.call.set({ chat, unread: panel === 'chat' ? 0 : unread + chat.length - before.length });
  }

  /** Lines of before: at first the newest, then those above. */
  async earlier() {
    const { older } = this.call.value;
    if (older.loading) return;
    this.call.set({ older: { ...older, loading: true, failed: false } });
    try {
      const { lines, more, seen } = await earlier(this.call.room, this.call.value.chat[0]?.seq);
      this.#saw(seen);
      this.call.set({ chat: merge(lines, this.call.value.chat), older: { loading: false, more, failed: false } });
    } catch {
      this.call.set({ older: { ...this.call.value.older, loading: false, failed: true } });
    }
  }

  /** What was said, changed and deleted while nobody heard it here. */
  async catchUp() {
    const first = this.call.value.chat[0]?.seq;
    if (first === undefined) return this.earlier();
    this.#gap ??= this.#seen;
    try {
      const { lines, seen, whole } = await missed(this.call.room, this.#gap);
      this.#gap = whole ? null : seen;
      this.#saw(seen);
      // What is further up than what is shown comes when somebody scrolls there.
      this.#said(merge(this.call.value.chat, lines.filter((line) => line.seq >= first)));
    } catch {
      // The next connection asks again from where the gap began.
    }
  }

  /**
   * What became of a line by one's own doing, which the socket may say as well.
   * @param {string} message
   * @param {Partial<ChatLine>} patch
   */
  amend(message, patch) {
    this.call.set({ chat: this.call.value.chat.map((line) => (line.message === message ? { ...line, ...patch } : line)) });
  }

  /** @param {string} text */
  say(text) {
    const line = text.trim();
    if (line) this.call.wire.tell({ type: 'chat', text: line });
  }
}
