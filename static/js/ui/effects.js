// What is behind you: plain, blurred, a scene, or the scene that follows your expression.

import { SCENES, OFF } from '../call/effects.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { session } from '../session.js';
import { bring } from './bringing.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';
import { Mirror } from './mirror.js';
import './notice.js';

/** @import { Effects } from '../messages.d.ts' */

class EffectsSheet extends CallElement {
  static properties = { asking: { state: true } };

  constructor() {
    super();
    /** Whether the notice stands where the choice was. */
    this.asking = false;
    this.mirror = new Mirror(this);
  }

  updated() {
    this.mirror.follow(this.call.media.value.stream, Boolean(this.call.media.track('video')));
  }

  /** @param {Effects} effects */
  #wish(effects) {
    if (effects.mode === 'mood' && !this.call.value.agreed) {
      this.asking = true;
      return;
    }
    this.call.wishes.wish(effects);
  }

  /** @param {boolean} agreed */
  #answered(agreed) {
    this.asking = false;
    if (agreed) this.call.wishes.wish({ mode: 'mood' }, true);
    this.updateComplete.then(() => this.querySelector('h3')?.focus());
  }

  /**
   * @param {Effects} effects
   * @param {string} name
   * @param {string} look which thumbnail: `off`, `blur`, `mood` or a scene's mood
   * @param {string} [word] under the name
   */
  #choice(effects, name, look, word) {
    const now = this.call.value.effects;
    const chosen =
      now.mode === effects.mode && (now.mode !== 'scene' || effects.mode !== 'scene' || now.scene === effects.scene);
    return html`
      <button
        class="choice"
        aria-label=${name}
        aria-pressed=${chosen}
        ?disabled=${effects.mode !== 'off' && !this.call.value.filter.available}
        @click=${() => this.#wish(effects)}
      >
        <span class="thumb" data-look=${look} data-aura=${effects.mode === 'scene' ? effects.scene : nothing} aria-hidden="true">
          <canvas width="128" height="96"></canvas>
          ${look in { off: 1, blur: 1 } ? nothing : icon(look === 'mood' ? 'follow' : look)}
        </span>
        <span class="choice-name">${name}</span>
      </button>
      ${word ? html`<span class="choice-word">${word}</span>` : nothing}
    `;
  }

  #mood() {
    const { effects, agreed, shares } = this.call.value;
    if (!agreed) return nothing;
    return html`
      <div class="note">
        ${icon('follow')}
        <span>${t(effects.mode === 'mood' ? 'effects.analyzing' : 'effects.agreed')}</span>
        <button class="button quiet" @click=${() => this.call.wishes.withdraw()}>${t('effects.withdraw')}</button>
      </div>
      <label class="switch">
        <input type="checkbox" role="switch" .checked=${shares} @change=${(/** @type {Event} */ e) => this.call.wishes.share(/** @type {HTMLInputElement} */ (e.target).checked)} />
        <span>${t('effects.share')}</span>
      </label>
      ${session.me
        ? html`<button type="button" class="button" @click=${() => bring(this, this.call.self?.mood)}>${icon('music')}${t('effects.bring')}</button>`
        : nothing}
    `;
  }

  render() {
    if (this.asking) {
      return html`<mc-notice @answer=${(/** @type {CustomEvent<boolean>} */ e) => this.#answered(e.detail)}></mc-notice>`;
    }
    const { filter, asOthersSee } = this.call.value;
    return html`
      ${filter.available ? nothing : html`<p class="note warn">${icon('warn')}<span>${t('effects.unavailable')} ${filter.reason ?? ''}</span></p>`}
      ${this.call.media.track('video') ? nothing : html`<p class="note">${icon('camera-off')}<span>${t('effects.no-camera')}</span></p>`}
      ${['half-rate', 'blur-only', 'bypass'].includes(this.call.self?.rung ?? '') && this.call.value.effects.mode !== 'off'
        ? html`<p class="note">${icon('info')}<span>${t('effects.simplified')}</span></p>`
        : nothing}
      <div class="choices plain">
        ${this.#choice(OFF, t('effects.off'), 'off')} ${this.#choice({ mode: 'blur' }, t('effects.blur'), 'blur')}
      </div>
      <div class="choices wide">
        ${this.#choice({ mode: 'mood' }, t('effects.mood'), 'mood', t('effects.mood-word'))}
      </div>
      ${this.#mood()}
      <h3 tabindex="-1">${t('effects.scenes')}</h3>
      <p class="small">${t('effects.scenes-word')}</p>
      <div class="choices">
        ${SCENES.map((scene) => this.#choice({ mode: 'scene', scene }, t(`scene.${scene}`), scene))}
      </div>
      <label class="switch">
        <input type="checkbox" role="switch" .checked=${asOthersSee} @change=${(/** @type {Event} */ e) => this.call.wishes.seeAsOthers(/** @type {HTMLInputElement} */ (e.target).checked)} />
        <span>${t('effects.as-others')}</span>
      </label>
    `;
  }
}

customElements.define('mc-effects', EffectsSheet);
