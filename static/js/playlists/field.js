// The playlist that belongs to a post, while the post is written.

import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { choosePlaylist } from './choice.js';

/** Event `playlist` (detail: the one that is chosen now, or null). */
class PlaylistField extends Element {
  static properties = { playlist: {}, trouble: {} };

  constructor() {
    super();
    /** @type {{id: string, title: string} | null} */
    this.playlist = null;
    this.trouble = '';
    watch(this, language);
  }

  /** @param {{id: string, title: string} | null} playlist */
  async #tell(playlist) {
    this.playlist = playlist;
    this.dispatchEvent(new CustomEvent('playlist', { detail: playlist }));
    await this.updateComplete;
    this.querySelector('button')?.focus();
  }

  async #choose() {
    const chosen = await choosePlaylist(t('choice.for-post'));
    if (chosen) this.#tell({ id: chosen.id, title: chosen.title });
  }

  render() {
    const { playlist, trouble } = this;
    return html`
      <fieldset class="labelled">
        <legend>${t('choice.playlist')}</legend>
        <div class="row">
          ${playlist ? html`<span class="chosen-list">${icon('music')}<b>${playlist.title}</b></span>` : nothing}
          <button type="button" class="button" name="playlist_id" aria-invalid=${trouble ? 'true' : 'false'} @click=${this.#choose}>${playlist ? t('choice.other') : html`${icon('music')}${t('choice.choose')}`}</button>
          ${playlist ? html`<button type="button" class="button quiet" @click=${() => this.#tell(null)}>${t('choice.none')}</button>` : nothing}
        </div>
        <div role="alert">${trouble ? html`<p class="field-error">${icon('warn')}<span>${trouble}</span></p>` : nothing}</div>
      </fieldset>
    `;
  }
}

customElements.define('mc-playlist-field', PlaylistField);
