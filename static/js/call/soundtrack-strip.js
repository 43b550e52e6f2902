// What plays, above the people: its name, the host's buttons, one's own mute. A touch opens everything else.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { artistOf, titleOf } from '../player/song.js';
import { rendered, watch } from '../store.js';
import { CallElement } from '../ui/element.js';
import { icon } from '../ui/icons.js';
import { announce } from './announce.js';

class SoundtrackStrip extends CallElement {
  #said = '';

  connectedCallback() {
    super.connectedCallback();
    watch(this, this.call.soundtrack);
  }

  /** Where one hears the song here, in ms; null when one hears nothing. */
  get heard() {
    const { heard } = this.call.soundtrack;
    return heard === null ? null : heard * 1_000;
  }

  updated() {
    const { said } = this.call.soundtrack.value;
    const now = said?.playing ? said.song.id : '';
    if (now && now !== this.#said && said) announce(t('soundtrack.now', { title: titleOf(said.song), artist: artistOf(said.song) }));
    this.#said = now;
  }

  /** The gesture that the browser waits for: for the voices as well. */
  async #hear() {
    this.call.soundtrack.unblock();
    this.call.set({ silenced: false });
    this.call.levels.resume();
    await rendered();
    if (document.activeElement === document.body) /** @type {HTMLElement | null} */ (this.querySelector('[data-part="mute"]'))?.focus();
  }

  render() {
    const { soundtrack } = this.call;
    const { said, muted, blocked } = soundtrack.value;
    const host = Boolean(this.call.self?.host);
    /** It would be heard if the browser let it. */
    const silent = Boolean(said?.playing && blocked);
    const open = this.call.value.panel === 'soundtrack';
    // Only somebody with an account has playlists to choose from.
    if (!said && !(host && this.call.self?.user)) return nothing;
    const name = said ? t('soundtrack.open', { title: titleOf(said.song), artist: artistOf(said.song) }) : t('soundtrack.choose');
    return html`
      <div
        class="soundtrack"
        role="group"
        aria-label=${t('bar.soundtrack')}
        ?data-empty=${!said}
        ?data-playing=${said?.playing}
        data-song=${said?.song.id ?? nothing}
        data-index=${said?.index ?? nothing}
        data-position-ms=${said?.position_ms ?? nothing}
        data-at=${said?.at ?? nothing}
      >
        <button type="button" class="button quiet soundtrack-open" id="open-soundtrack" aria-label=${name} aria-expanded=${open} aria-controls="panel" title=${name} @click=${() => this.call.open('soundtrack')}>
          ${icon('music')}${said ? html`<span class="soundtrack-title">${titleOf(said.song)}</span>` : nothing}
        </button>
        ${said && host
          ? html`
              <button type="button" class="button quiet round" data-part="play" aria-label=${t(said.playing ? 'soundtrack.pause' : 'soundtrack.play')} title=${t(said.playing ? 'soundtrack.pause' : 'soundtrack.play')} @click=${() => soundtrack.conduct(said.playing ? 'pause' : 'play')}>
                ${icon(said.playing ? 'pause' : 'play')}
              </button>
              <button type="button" class="button quiet round" data-part="next" aria-label=${t('soundtrack.next')} title=${t('soundtrack.next')} @click=${() => soundtrack.conduct('next')}>${icon('song-next')}</button>
            `
          : nothing}
        ${said && !silent
          ? html`<button type="button" class="button quiet round" data-part="mute" aria-label=${t('soundtrack.mute')} aria-pressed=${muted} title=${t('soundtrack.mute')} @click=${() => soundtrack.loud({ muted: !muted })}>
              ${icon(muted ? 'speaker-off' : 'speaker')}
            </button>`
          : nothing}
        ${silent ? html`<button type="button" class="button accent soundtrack-hear" @click=${this.#hear}>${t('soundtrack.hear')}</button>` : nothing}
      </div>
    `;
  }
}

customElements.define('mc-soundtrack', SoundtrackStrip);
