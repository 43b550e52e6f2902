// What shows for a moment and goes by itself: toasts, and reactions in the air.

import { announce } from './announce.js';

/** @import { Store } from '../store.js' */
/** @import { CallState, Toast } from './state.js' */

const TOAST_MS = 6_000;
const MOST_TOASTS = 3;
const BURST_MS = 3_500;
const MOST_BURSTS = 12;

export class Moments {
  #serial = 0;

  /** @param {Store<CallState>} store */
  constructor(store) {
    this.store = store;
  }

  /**
   * @param {string} text
   * @param {Toast['tone']} [tone]
   */
  toast(text, tone = 'plain') {
    const id = (this.#serial += 1);
    const toasts = [...this.store.value.toasts, { id, text, tone }];
    this.store.set({ toasts: toasts.slice(-MOST_TOASTS) });
    announce(text);
    setTimeout(() => this.dismiss(id), TOAST_MS);
  }

  /** @param {number} id */
  dismiss(id) {
    this.store.set({ toasts: this.store.value.toasts.filter((toast) => toast.id !== id) });
  }

  /**
   * @param {string} participant
   * @param {string} emoji
   */
  burst(participant, emoji) {
    const id = (this.#serial += 1);
    const bursts = [...this.store.value.bursts, { id, participant, emoji }];
    this.store.set({ bursts: bursts.slice(-MOST_BURSTS) });
    setTimeout(() => {
      this.store.set({ bursts: this.store.value.bursts.filter((burst) => burst.id !== id) });
    }, BURST_MS);
  }
}
