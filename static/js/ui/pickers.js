// Which camera, microphone and speaker. Browsers tell the names only after a permission; until then there is one choice.

import { canChooseSpeaker } from '../call/devices.js';
import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { watch } from '../store.js';

/** @import { Choice } from '../call/devices.js' */

class Pickers extends Element {
  static properties = { media: {} };

  constructor() {
    super();
    this.media = /** @type {import('../call/media.js').Media} */ ({});
    watch(this, language);
  }

  connectedCallback() {
    super.connectedCallback();
    watch(this, this.media);
  }

  /**
   * @param {keyof Choice} role
   * @param {MediaDeviceInfo[]} devices
   */
  #picker(role, devices) {
    const chosen = this.media.value.choice[role] ?? '';
    return html`
      <label class="labelled">
        <span>${t(`pick.${role}`)}</span>
        <select class="field" @change=${(/** @type {Event} */ e) => this.media.choose(role, /** @type {HTMLSelectElement} */ (e.target).value)}>
          <option value="" ?selected=${!chosen}>${t('pick.default')}</option>
          ${devices
            .filter((device) => device.deviceId !== 'default')
            .map(
              (device, i) => html`<option value=${device.deviceId} ?selected=${device.deviceId === chosen}>
                ${device.label || t(`pick.${role}-nth`, { nth: i + 1 })}
              </option>`,
            )}
        </select>
      </label>
    `;
  }

  render() {
    const { camera, microphone, speaker } = this.media.value.devices;
    return html`
      <div class="pickers">
        ${camera.length ? this.#picker('camera', camera) : nothing}
        ${microphone.length ? this.#picker('microphone', microphone) : nothing}
        ${speaker.length && canChooseSpeaker() ? this.#picker('speaker', speaker) : nothing}
      </div>
    `;
  }
}

customElements.define('mc-pickers', Pickers);
