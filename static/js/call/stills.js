// Stills of the call: what they show besides the people (remembered for this browser), and the tray of those that were taken.

import { Refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { browser } from '../memory.js';
import { announce } from './announce.js';

/** @import { Call } from './call.js' */
/** @import { Still } from './state.js' */

/** @typedef {{names: boolean, time: boolean}} StillOptions */

/** @returns {StillOptions} */
export const stillOptions = () => browser.recall('still', { names: true, time: true });

/** @param {StillOptions} options */
export const keepStillOptions = (options) => browser.keep('still', options);

export class Stills {
  /** @param {Call} call */
  constructor(call) {
    this.call = call;
  }

  /** @param {StillOptions} options */
  async take(options) {
    const { call } = this;
    if (call.value.shooting) return;
    call.set({ shooting: true });
    try {
      const still = await call.wire.request('still', { type: 'still', ...options });
      call.set({ stills: [still, ...call.value.stills], flash: call.value.flash + 1 });
      announce(t('still.taken'));
    } catch (error) {
      call.moments.toast(explain(error instanceof Refusal ? error : new Refusal('internal')), 'warn');
    } finally {
      call.set({ shooting: false });
    }
  }

  /** @param {Still} still one that was put away, newest first again */
  put(still) {
    this.call.set({ stills: [still, ...this.call.value.stills] });
  }

  /** @param {string} still */
  discard(still) {
    this.call.set({ stills: this.call.value.stills.filter((one) => one.still !== still) });
  }
}
