// After a call: one word about how it was can become a playlist. Nothing of the call is known here, and nothing is sent before
// somebody presses a word.

import { freshKey, refusal } from '../api.js';
import { explain, language, need, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { beginMaking } from './making.js';
import { moodWords } from './mood-words.js';

/** @import { Mood } from '../messages.d.ts' */

class Bring extends Element {
  static properties = { ready: { state: true }, chosen: { state: true }, trouble: { state: true } };

  #key = freshKey();

  constructor() {
    super();
    /** Whether the words for it are there. */
    this.ready = false;
    /** @type {Mood | ''} */
    this.chosen = '';
    this.trouble = '';
    watch(this, language);
    need(['playlists']).then(() => (this.ready = true)).catch(() => {});
  }

  /** @param {Mood} mood */
  async #bring(mood) {
    if (this.chosen) return;
    this.chosen = mood;
    this.trouble = '';
    try {
      const making = await beginMaking({ kind: 'call', mood }, this.#key);
      await go(`/playlists/making/${making.id}`);
    } catch (error) {
      this.trouble = explain(refusal(error));
      // Another word is another request.
      this.#key = freshKey();
    } finally {
      this.chosen = '';
    }
  }

  render() {
    if (!this.ready || !session.me) return nothing;
    return html`
      <section class="bring" aria-labelledby="bring">
        <h2 id="bring">${t('bring.title')}</h2>
        <p class="small">${t('bring.why')}</p>
        ${moodWords((mood) => this.#bring(mood), this.chosen)}
        <div role="alert">${this.trouble ? html`<p class="note warn">${icon('warn')}<span>${this.trouble}</span></p>` : nothing}</div>
      </section>
    `;
  }
}

customElements.define('mc-bring', Bring);
