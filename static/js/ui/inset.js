// Our own small picture can be dragged to any corner, by pointer or by arrow keys.

import { browser } from '../memory.js';

/** @typedef {'top-left' | 'top-right' | 'bottom-left' | 'bottom-right'} Corner */

/** @type {Record<string, ['x' | 'y', string]>} */
const KEYS = {
  ArrowLeft: ['x', 'left'],
  ArrowRight: ['x', 'right'],
  ArrowUp: ['y', 'top'],
  ArrowDown: ['y', 'bottom'],
};

/** Watches one element's light DOM for drags on `mc-tile[data-own]` while the stage is in inset mode. */
export class Inset {
  /** @param {HTMLElement & {requestUpdate(): void}} host */
  constructor(host) {
    this.host = host;
    this.corner = browser.recall('corner', /** @type {Corner} */ ('bottom-right'));
    host.addEventListener('pointerdown', (event) => this.#grab(event));
    host.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @param {EventTarget | null} target */
  #tile(target) {
    const tile = target instanceof Element ? target.closest('mc-tile[data-own]') : null;
    return tile instanceof HTMLElement && tile.closest('.stage[data-inset="true"]') ? tile : null;
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    const tile = this.#tile(event.target);
    // What is held by the pointer hears of its clicks: a button in the picture would not.
    if (!tile || event.button !== 0 || /** @type {Element} */ (event.target).closest('button')) return;
    const { clientX, clientY } = event;
    const drag = (/** @type {PointerEvent} */ move) => {
      tile.style.translate = `${move.clientX - clientX}px ${move.clientY - clientY}px`;
      tile.toggleAttribute('data-dragged', true);
    };
    const drop = () => {
      tile.removeEventListener('pointermove', drag);
      tile.removeEventListener('pointerup', drop);
      tile.removeEventListener('pointercancel', drop);
      if (tile.hasAttribute('data-dragged')) this.#settle(tile);
    };
    tile.setPointerCapture(event.pointerId);
    tile.addEventListener('pointermove', drag);
    tile.addEventListener('pointerup', drop);
    tile.addEventListener('pointercancel', drop);
  }

  /** @param {HTMLElement} tile */
  #settle(tile) {
    const own = tile.getBoundingClientRect();
    const stage = tile.closest('.stage')?.getBoundingClientRect() ?? own;
    const right = own.x + own.width / 2 > stage.x + stage.width / 2;
    const bottom = own.y + own.height / 2 > stage.y + stage.height / 2;
    tile.style.translate = '';
    tile.removeAttribute('data-dragged');
    this.#put(/** @type {Corner} */ (`${bottom ? 'bottom' : 'top'}-${right ? 'right' : 'left'}`));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const key = KEYS[event.key];
    if (!key || !this.#tile(event.target)) return;
    event.preventDefault();
    const [y = 'bottom', x = 'right'] = this.corner.split('-');
    this.#put(/** @type {Corner} */ (key[0] === 'x' ? `${y}-${key[1]}` : `${key[1]}-${x}`));
  }

  /** @param {Corner} corner */
  #put(corner) {
    this.corner = corner;
    browser.keep('corner', corner);
    this.host.requestUpdate();
  }
}
