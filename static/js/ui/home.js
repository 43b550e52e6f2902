// The first page. Whoever is logged in has what happens among people beside the way into a call; guests are told what this is
// first, and see below what people share.

import '../feed/feed.js';
import { language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import '../playlists/evening.js';
import '../playlists/shelf.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { icon } from './icons.js';
import { showcase } from './showcase.js';
import './start.js';

/** The moods whose colours drift behind the headline. */
const MOODS = ['happiness', 'sadness', 'surprise', 'fear'];

class Home extends Element {
  constructor() {
    super();
    watch(this, language);
    watch(this, session);
  }

  connectedCallback() {
    super.connectedCallback();
    this.requestUpdate();
  }

  #member() {
    return html`
      <main class="page wide hearth">
        <div class="hearth-side">
          <section class="hearth-call" aria-label=${t('home.call')}>
            <h2>${t('home.call')}</h2>
            <mc-start></mc-start>
            <ul class="hearth-links">
              <li><a class="button" href="/rooms">${icon('door')}${t('nav.rooms')}</a></li>
              <li><a class="button" href="/calls">${icon('phone')}${t('nav.calls')}</a></li>
            </ul>
          </section>
          <mc-shelves></mc-shelves>
        </div>
        <div class="hearth-main">
          <mc-evening-card></mc-evening-card>
          <section class="hearth-feed" aria-labelledby="feed">
            <div class="page-head">
              <h1 id="feed" tabindex="-1">${t('feed.title')}</h1>
              <a class="button accent" href="/posts/new">${icon('plus')}${t('feed.new')}</a>
            </div>
            <mc-feed></mc-feed>
          </section>
        </div>
      </main>
    `;
  }

  #guest() {
    return html`
      <div class="drift" aria-hidden="true">${MOODS.map((mood) => html`<i data-aura=${mood}></i>`)}</div>
      <main>
        <div class="home">
          <div class="pitch">
            <h1>${t('home.headline')}</h1>
            <p class="lead">${t('home.lead')}</p>
            <mc-start></mc-start>
          </div>
          ${showcase()}
          <ul class="promises">
            ${['face', 'browser', 'private'].map(
              (promise) => html`<li><b>${t(`home.${promise}`)}</b><span>${t(`home.${promise}-why`)}</span></li>`,
            )}
          </ul>
        </div>
        <section class="page shared"><mc-shelves></mc-shelves></section>
        <section class="page shared" aria-labelledby="feed">
          <h2 id="feed">${t('feed.shared')}</h2>
          <mc-feed></mc-feed>
        </section>
      </main>
    `;
  }

  render() {
    document.title = t('home.title');
    return session.me ? this.#member() : this.#guest();
  }
}

customElements.define('mc-home', Home);
