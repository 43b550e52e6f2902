// What a person wishes to be seen with, and what the server was told of it: the effects, the consent, the mood that is shared.

import { OFF, effectsMemory, sameEffects } from './effects.js';

/** @import { Effects } from '../messages.d.ts' */
/** @import { Call } from './call.js' */

export class Wishes {
  /** @type {Effects} what the server was last told */
  #told = OFF;
  #selfView = false;
  #memory;
  #sendsCamera;

  /**
   * @param {Call} call
   * @param {() => boolean} sendsCamera without a camera there is nothing to put anything behind
   */
  constructor(call, sendsCamera) {
    this.call = call;
    this.#sendsCamera = sendsCamera;
    this.#memory = effectsMemory(call.room);
    call.set({
      effects: this.#memory.wished(),
      agreed: this.#memory.agreed(),
      shares: this.#memory.shares(),
      asOthersSee: this.#memory.asOthersSee(),
    });
  }

  /**
   * @param {Effects} effects
   * @param {boolean} [agreed] the person has just read the notice and agreed
   */
  wish(effects, agreed = this.call.value.agreed) {
    if (effects.mode === 'mood' && !agreed) return;
    this.call.set({ effects, agreed });
    this.#memory.wish(effects);
    this.#memory.agree(agreed);
    this.apply();
  }

  /** Consent taken back: nothing is analyzed from here on, and nothing shared. */
  withdraw() {
    this.call.wire.tell({ type: 'mood', share: false });
    this.wish(this.call.value.effects.mode === 'mood' ? OFF : this.call.value.effects, false);
  }

  /** @param {boolean} shares */
  share(shares) {
    this.call.set({ shares });
    this.#memory.share(shares);
    this.#shareMood();
  }

  #shareMood() {
    const { effects, shares } = this.call.value;
    this.call.wire.tell({ type: 'mood', share: shares && effects.mode === 'mood' });
  }

  /** @param {boolean} on */
  seeAsOthers(on) {
    this.call.set({ asOthersSee: on });
    this.#memory.seeAsOthers(on);
    this.apply();
  }

  /** Tells the server what it does not know yet. */
  apply() {
    const { effects, agreed, asOthersSee, me } = this.call.value;
    const { wire } = this.call;
    if (!wire.open || (effects.mode !== 'off' && !this.#sendsCamera())) return;
    if (!sameEffects(effects, this.#told)) {
      this.#told = effects;
      wire.tell({ type: 'effects', effects, consent: effects.mode === 'mood' && agreed });
      this.#shareMood();
    }
    const selfView = effects.mode !== 'off' && asOthersSee;
    if (selfView !== this.#selfView) {
      this.#selfView = selfView;
      wire.tell({ type: 'subscribe', participant: me, kind: 'video', on: selfView });
    }
  }

  /** With a new connection: the seat's effects come back with the camera; what was taken back while nobody heard it must not. */
  startOver() {
    this.#told = this.call.self?.effects ?? OFF;
    this.#selfView = false;
    this.apply();
  }

  /** With the same connection and a new socket. */
  resume() {
    const mine = this.call.self?.effects;
    if (mine && !sameEffects(mine, this.call.value.effects)) this.#told = mine;
    this.apply();
    this.#shareMood();
  }

  /** @param {Effects} effects what the server left us with instead of what we wished for */
  giveUp(effects) {
    this.#told = effects;
    this.wish(effects);
  }

  /** An agreement is for one stay. */
  forget() {
    this.#memory.wish(OFF);
    this.#memory.agree(false);
  }
}
