// One person: their picture or their initial, name, connection, mood, and the aura that breathes with their voice.

import { sends } from '../call/roster.js';
import { t } from '../i18n.js';
import { html, nothing, repeat } from '../lit.js';
import { session } from '../session.js';
import { badge } from './badge.js';
import { bring } from './bringing.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';

/** @import { Person } from '../call/roster.js' */

const RUNGS_UNSEEN = [undefined, 'full', 'reuse-matte'];

class Tile extends CallElement {
  static properties = { person: {}, stream: {}, own: {}, shows: {}, audible: {}, bursts: {} };

  constructor() {
    super();
    this.person = /** @type {Person} */ ({});
    /** @type {MediaStream | undefined} */
    this.stream = undefined;
    this.own = false;
    this.shows = false;
    this.audible = false;
    /** @type {{id: number, emoji: string}[]} */
    this.bursts = [];
    this.onlevel = (/** @type {Event} */ event) => {
      const { id, level } = /** @type {CustomEvent} */ (event).detail;
      if (id === this.person?.id) this.style.setProperty('--level', this.audible ? level.toFixed(2) : '0');
    };
  }

  connectedCallback() {
    super.connectedCallback();
    this.call.levels.addEventListener('level', this.onlevel);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.call.levels.removeEventListener('level', this.onlevel);
  }

  willUpdate() {
    const { person } = this;
    const mood = person.effects.mode === 'mood' && sends(person, 'video') ? person.mood : null;
    this.dataset.participant = person.id;
    this.toggleAttribute('data-own', this.own);
    this.toggleAttribute('data-away', person.away);
    if (mood) this.dataset.aura = mood;
    else delete this.dataset.aura;
  }

  updated() {
    const video = this.querySelector('video');
    if (!video) return;
    if (video.srcObject !== (this.stream ?? null)) video.srcObject = this.stream ?? null;
    this.#listen(video);
    // Refused once, it would be refused again, and each refusal would draw the page anew: it waits for the gesture.
    if (this.stream && video.paused && (this.own || !this.call.value.silenced)) {
      video.play().catch((error) => {
        if (error.name === 'NotAllowedError' && !this.own && !this.call.value.silenced) this.call.set({ silenced: true });
      });
    }
  }

  /** @param {HTMLVideoElement} video */
  #listen(video) {
    const speaker = this.call.media.value.choice.speaker ?? '';
    if (this.own || !('setSinkId' in video) || video.sinkId === speaker) return;
    video.setSinkId(speaker).catch(() => {});
  }

  #bars() {
    const bars = this.person.bars;
    if (bars === undefined) return nothing;
    const label = t('tile.connection', { word: t(`bars.${bars}`) });
    return html`
      <span class="bars" role="img" data-bars=${bars} aria-label=${label} title=${label}>
        ${[1, 2, 3, 4].map((n) => html`<i ?data-lit=${n <= bars}></i>`)}
      </span>
    `;
  }

  render() {
    const { person } = this;
    const name = this.own ? t('tile.you', { name: person.name }) : person.name;
    return html`
      <div class="aura" aria-hidden="true"></div>
      <div class="frame" role="group" aria-label=${name}>
        <video autoplay playsinline .muted=${this.own} ?data-shows=${this.shows} ?data-mirrored=${this.own}></video>
        ${this.shows ? nothing : html`<div class="avatar" aria-hidden="true"><span>${[...person.name][0] ?? '?'}</span></div>`}
        <div class="tile-top">
          ${badge(person, this.own && session.me ? () => bring(this, person.mood) : undefined)}
          ${person.effects.mode === 'off' || person.effects.mode === 'mood' || !this.own
            ? nothing
            : html`<span class="badge plain">${icon('effects')}<span>${t(person.effects.mode === 'blur' ? 'effects.blur' : `scene.${person.effects.scene}`)}</span></span>`}
          ${RUNGS_UNSEEN.includes(person.rung) || person.effects.mode === 'off'
            ? nothing
            : html`<span class="badge plain" data-rung=${person.rung ?? ''}>${icon('info')}<span>${t('tile.simplified')}</span></span>`}
          ${person.handSince ? html`<span class="hand" role="img" aria-label=${t('tile.hand')}>${icon('hand')}</span>` : nothing}
        </div>
        ${person.away ? html`<p class="away">${icon('away')}${t('tile.away')}</p>` : nothing}
        <div class="caption">
          <span class="name">
            ${this.audible ? nothing : html`<span class="muted" role="img" aria-label=${t('tile.muted')}>${icon('microphone-off')}</span>`}
            <span>${name}</span>
            ${person.host ? html`<span class="crown" role="img" aria-label=${t('tile.host')} title=${t('tile.host')}>${icon('host')}</span>` : nothing}
          </span>
          ${this.#bars()}
        </div>
        <div class="bursts" aria-hidden="true">
          ${repeat(
            this.bursts,
            (burst) => burst.id,
            (burst) => html`<span class="burst" data-way=${burst.id % 3}>${burst.emoji}</span>`,
          )}
        </div>
      </div>
    `;
  }
}

customElements.define('mc-tile', Tile);
