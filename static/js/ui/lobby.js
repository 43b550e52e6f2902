// Before the call: how you look and sound, which devices, and the way in.

import { Levels } from '../call/levels.js';
import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { browser, tab } from '../memory.js';
import { tagsOf } from '../posts/parts.js';
import { report } from '../posts/report.js';
import { loginAddress } from '../router.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { icon } from './icons.js';
import '../rooms/knocking.js';
import './chooser.js';
import './pickers.js';

/** @import { Kind } from '../messages.d.ts' */
/** @import { Room } from '../rooms/asks.js' */

const MOST_NAME = 40;
const BARS = 12;

class Lobby extends Element {
  static properties = { media: {}, seats: {}, level: { state: true } };

  constructor() {
    super();
    this.media = /** @type {import('../call/media.js').Media} */ ({});
    /** What is known of the room. @type {Room | null} */
    this.seats = null;
    this.level = 0;
    this.levels = new Levels();
    watch(this, language);
  }

  connectedCallback() {
    super.connectedCallback();
    watch(this, this.media);
    this.levels.addEventListener('level', (event) => {
      this.level = Math.round(/** @type {CustomEvent} */ (event).detail.level * BARS);
    });
    this.addEventListener('pointerdown', () => this.levels.resume());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.levels.stop();
  }

  updated() {
    this.levels.follow(new Map([['me', this.media.track('audio')]]));
  }

  /** @param {SubmitEvent} event */
  #join(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const name = String(form.get('name') ?? '').trim();
    if (name) this.dispatchEvent(new CustomEvent('join', { detail: name }));
  }

  /** @param {Kind} kind */
  #toggle(kind) {
    const on = this.media.wants(kind);
    const name = kind === 'audio' ? 'microphone' : 'camera';
    return html`
      <button
        type="button"
        class="button round glass"
        aria-label=${t(name)}
        aria-pressed=${on}
        title=${t(name)}
        @click=${() => this.media.want(kind, !on)}
      >
        ${icon(on ? name : `${name}-off`)}
      </button>
    `;
  }

  #preview() {
    const { stream, state, camera } = this.media.value;
    const shows = Boolean(this.media.track('video'));
    const waiting = camera && !shows && ['unasked', 'asking'].includes(state.video);
    return html`
      <div class="preview" data-shows=${shows}>
        <video muted autoplay playsinline aria-hidden="true" .srcObject=${stream} ?hidden=${!shows}></video>
        ${shows
          ? nothing
          : html`<p class="preview-word">
              ${icon(camera ? 'camera' : 'camera-off')}
              ${t(waiting ? `device.${state.video}` : camera ? 'lobby.no-picture' : 'lobby.camera-off')}
              ${waiting && state.video === 'unasked'
                ? html`<button type="button" class="button" @click=${() => this.media.takeWanted()}>${t('lobby.preview')}</button>`
                : nothing}
            </p>`}
        <div class="preview-bar">${this.#toggle('audio')}${this.#toggle('video')}</div>
        <div class="meter" role="meter" aria-label=${t('lobby.level')} aria-valuemin="0" aria-valuemax=${BARS} aria-valuenow=${this.level}>
          ${Array.from({ length: BARS }, (_, i) => html`<i ?data-lit=${i < this.level}></i>`)}
        </div>
      </div>
    `;
  }

  /** Every trouble in plain words, with what to do. */
  #troubles() {
    const { state, microphone, camera } = this.media.value;
    if (state.audio === 'insecure') return html`<p class="note warn">${icon('warn')}<span>${t('device.insecure')}</span></p>`;
    const bad = ['denied', 'missing', 'busy', 'failed'];
    /** @type {Kind[]} */
    const kinds = ['audio', 'video'];
    return kinds
      .filter((kind) => (kind === 'audio' ? microphone : camera) && bad.includes(state[kind]))
      .map(
        (kind) => html`
          <p class="note warn" data-device=${kind} data-state=${state[kind]}>
            ${icon(kind === 'audio' ? 'microphone-off' : 'camera-off')}
            <span><b>${t(`device.${kind}-${state[kind]}`)}</b> ${t(`device.${state[kind]}-help`)}</span>
            <button type="button" class="button quiet" @click=${() => this.media.acquire([kind])}>${t('device.again')}</button>
          </p>
        `,
      );
  }

  /** What stands between one and a seat, where something does. */
  #door() {
    const { seats } = this;
    if (!seats?.needs || seats.needs === 'forbidden') return null;
    const invited = tab.recall(`invite.${seats.id}`, '') !== '';
    if (seats.needs === 'invite-needed' && invited) return null;
    const name = seats.host?.nickname ?? '';
    const guest = session.me === null;
    if (seats.needs === 'login-needed' || guest) {
      return html`
        <section class="entrance">
          <h1>${t('lobby.login')}</h1>
          <p class="lead">${t('lobby.login-why')}</p>
          <a class="button accent big" href=${loginAddress()}>${t('nav.log-in')}</a>
          <a class="button" href="/signup">${t('nav.sign-up')}</a>
        </section>
      `;
    }
    return html`
      <section class="entrance">
        <h1>${t('lobby.closed')}</h1>
        <p class="lead">${t('lobby.knock-why', { name })}</p>
        <mc-knocking class="knock" .room=${seats.id} .host=${name} @admitted=${() => this.dispatchEvent(new Event('admitted'))}></mc-knocking>
        <a class="button" href="/rooms">${icon('door')}${t('nav.rooms')}</a>
      </section>
    `;
  }

  /** What its host says about it. */
  #what() {
    const { description = '', tags = [] } = this.seats ?? {};
    if (!description && !tags.length) return nothing;
    return html`<div class="room-what">${description ? html`<p class="room-for">${description}</p>` : nothing} ${tagsOf({ tags })}</div>`;
  }

  /** Whoever is logged in can tell the staff of a room that is not theirs. */
  #report() {
    const { seats } = this;
    if (!session.me || !seats || seats.yours) return nothing;
    return html`<button type="button" class="button quiet" @click=${() => report('room', seats.id)}>${icon('flag')}${t('room.report')}</button>`;
  }

  #company() {
    if (!this.seats) return t('lobby.lead');
    const { participants, capacity } = this.seats;
    return participants ? t('lobby.somebody', { count: participants, capacity }) : t('lobby.nobody');
  }

  render() {
    return html`
      <header class="top">
        <a class="brand" href="/"><img src="/static/favicon.svg" alt="" width="32" height="32" />Moodcall</a>
        <mc-chooser></mc-chooser>
      </header>
      <main class="lobby">
        ${this.#preview()}
        ${this.#door() ?? html`<form class="entrance" @submit=${this.#join}>
          <h1>${this.seats?.title || t('lobby.headline')}</h1>
          <p class="lead">${this.#company()}</p>
          ${this.#what()}
          <label class="labelled">
            <span>${t('lobby.name')}</span>
            <input class="field" name="name" required maxlength=${MOST_NAME} autocomplete="nickname" .value=${session.me?.nickname ?? browser.recall('name', '')} placeholder=${t('lobby.name-hint')} />
          </label>
          <mc-pickers .media=${this.media}></mc-pickers>
          ${this.#troubles()}
          <button class="button accent big">${t('lobby.join')}</button>
          <p class="small">${t('lobby.without')}</p>
          ${this.#report()}
        </form>`}
      </main>
    `;
  }
}

customElements.define('mc-lobby', Lobby);
