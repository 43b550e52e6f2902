// The cover of a playlist of one's own: one's own picture, or one that is drawn anew.

import { ask, refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { NoPicture } from '../people/square.js';
import { fitting } from '../posts/fitting.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { cover } from './parts.js';

/** @import { Playlist } from './asks.js' */

/** Event `cover` (detail: the playlist as it is now). */
class CoverField extends Element {
  static properties = { playlist: {}, preview: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    this.playlist = /** @type {Playlist} */ ({});
    /** Address of the picture that is on its way to the server. */
    this.preview = '';
    /** @type {'' | 'sending' | 'drawing'} */
    this.busy = '';
    this.trouble = '';
    watch(this, language);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#show('');
  }

  /** @param {string} address */
  #show(address) {
    if (this.preview) URL.revokeObjectURL(this.preview);
    this.preview = address;
  }

  /**
   * @param {'sending' | 'drawing'} what
   * @param {() => Promise<Playlist>} act
   */
  async #change(what, act) {
    if (this.busy) return;
    this.busy = what;
    this.trouble = '';
    try {
      const now = await act();
      this.dispatchEvent(new CustomEvent('cover', { detail: now }));
      announce(t(what === 'sending' ? 'cover.sent' : 'cover.drawn'));
    } catch (error) {
      this.trouble = error instanceof NoPicture ? t('write.picture-unreadable') : explain(refusal(error));
    } finally {
      this.busy = '';
      this.#show('');
    }
  }

  /** @param {Event} event */
  #choose(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    this.#change('sending', async () => {
      const picture = await fitting(file);
      // Seen at once; should the server not take it, the old one comes back.
      this.#show(URL.createObjectURL(picture));
      const body = new FormData();
      body.set('picture', picture);
      return ask(`/playlists/${this.playlist.id}/cover`, { method: 'PUT', body });
    });
  }

  #draw() {
    return this.#change('drawing', () => ask(`/playlists/${this.playlist.id}/cover`, { method: 'DELETE' }));
  }

  render() {
    const { playlist, preview, busy } = this;
    const shown = preview ? { ...playlist, cover: { url: preview, kind: /** @type {const} */ ('uploaded') } } : playlist;
    return html`
      <section class="cover-field" aria-label=${t('cover.title')} aria-busy=${busy !== ''}>
        ${cover(shown, { lazy: false })}
        <div>
          <div class="row">
            <label class="button file-button">
              ${busy === 'sending' ? html`<span class="spinner" aria-hidden="true"></span>` : icon('picture')}<span>${t('cover.choose')}</span>
              <input type="file" accept="image/*" aria-describedby="cover-hint cover-trouble" @change=${this.#choose} />
            </label>
            <button type="button" class="button" ?disabled=${busy !== ''} @click=${this.#draw}>
              ${busy === 'drawing' ? html`<span class="spinner" aria-hidden="true"></span>` : icon('effects')}${t('cover.draw')}
            </button>
          </div>
          <p class="small" id="cover-hint">${t('cover.hint')}</p>
          <div role="alert" id="cover-trouble">${this.trouble ? html`<p class="field-error">${icon('warn')}<span>${this.trouble}</span></p>` : nothing}</div>
        </div>
      </section>
    `;
  }
}

customElements.define('mc-cover-field', CoverField);
