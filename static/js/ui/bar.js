// The one bar at the bottom.

import { HAND } from '../call/roster.js';
import { stillOptions } from '../call/stills.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';

/** @import { Kind } from '../messages.d.ts' */
/** @import { Panel } from '../call/state.js' */

const EMOJI = ['❤️', '👍', '😂', '👏', '🎉', '😮'];

class Bar extends CallElement {
  static properties = { smiling: { state: true } };

  constructor() {
    super();
    this.smiling = false;
  }

  /** @param {Kind} kind */
  #device(kind) {
    const { media } = this.call;
    const name = kind === 'audio' ? 'microphone' : 'camera';
    const on = media.wants(kind) && Boolean(media.track(kind));
    const state = media.value.state[kind];
    const trouble = media.wants(kind) && !on && !['unasked', 'asking', 'ready'].includes(state);
    const hint = trouble ? t(`device.${kind}-${state}`) : t(on ? `bar.${name}-is-on` : `bar.${name}-is-off`);
    return html`
      <button
        class="button round device"
        aria-label=${t(name)}
        aria-pressed=${on}
        title=${hint}
        ?data-trouble=${trouble}
        @click=${() => this.#turn(kind, on, trouble)}
      >
        ${icon(on ? name : `${name}-off`)}
        
      </button>
    `;
  }

  /**
   * @param {Kind} kind
   * @param {boolean} on
   * @param {boolean} trouble
   */
  async #turn(kind, on, trouble) {
    const { media } = this.call;
    await media.want(kind, !on);
    const state = media.value.state[kind];
    if (trouble && !media.track(kind)) {
      this.call.moments.toast(`${t(`device.${kind}-${state}`)} ${t(`device.${state}-help`)}`, 'warn');
    }
  }

  /**
   * @param {Exclude<Panel, null>} panel
   * @param {number} [count] drawn beside the icon; the words are elsewhere
   */
  #opens(panel, count = 0) {
    const open = this.call.value.panel === panel;
    const active = panel === 'effects' && this.call.value.effects.mode !== 'off';
    return html`
      <button
        class="button round"
        id=${`open-${panel}`}
        aria-label=${t(`bar.${panel}`)}
        aria-expanded=${open}
        aria-controls="panel"
        title=${t(`bar.${panel}`)}
        ?data-active=${active}
        data-count=${count ? Math.min(count, 99) : nothing}
        @click=${() => this.call.open(panel)}
      >
        ${icon(panel)}
      </button>
    `;
  }

  #reactions() {
    const hand = Boolean(this.call.self?.handSince);
    return html`
      <div class="reactions">
        <button
          class="button round"
          aria-label=${t('bar.react')}
          aria-expanded=${this.smiling}
          title=${t('bar.react')}
          @click=${() => (this.smiling = !this.smiling)}
        >
          ${icon('smile')}
        </button>
        ${this.smiling
          ? html`<div class="pop" role="group" aria-label=${t('bar.react')}>
              ${EMOJI.map(
                (emoji) => html`<button class="button quiet round" aria-label=${t('bar.send', { emoji })} @click=${() => this.#react(emoji)}>${emoji}</button>`,
              )}
              <button class="button quiet" aria-pressed=${hand} @click=${() => this.#react(HAND)}>${icon('hand')}${t('bar.hand')}</button>
            </div>`
          : nothing}
      </div>
    `;
  }

  /** @param {string} emoji */
  #react(emoji) {
    this.call.react(emoji);
    this.smiling = false;
  }

  render() {
    const { unread, shooting, people } = this.call.value;
    return html`
      <nav class="bar" aria-label=${t('bar.name')}>
        ${this.#device('audio')}${this.#device('video')}${this.#opens('effects')}
        <button
          class="button round"
          id="take-still"
          aria-label=${t('bar.still')}
          title=${t('bar.still')}
          ?disabled=${shooting}
          @click=${() => this.call.stills.take(stillOptions())}
        >
          ${icon('still')}
        </button>
        <span class="rule" aria-hidden="true"></span>
        ${this.#opens('chat', unread)}${this.#reactions()}${this.#opens('people', people.length)}${this.#opens('invite')}${this.#opens('settings')}
        <button class="button leave" aria-label=${t('bar.leave')} @click=${() => this.call.leave()}>
          ${icon('leave')}<span>${t('bar.leave')}</span>
        </button>
      </nav>
    `;
  }
}

customElements.define('mc-bar', Bar);
