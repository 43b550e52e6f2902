// One sentence about the day, at an address of its own.

import { t } from '../i18n.js';
import { html } from '../lit.js';
import '../playlists/evening.js';
import { go } from '../router.js';
import { Page } from '../ui/page.js';

class EventPage extends Page {
  render() {
    this.named(t('evening.title'));
    return html`
      <main class="page wizard">
        <h1 tabindex="-1">${t('evening.title')}</h1>
        <mc-evening skips .heading=${false} @later=${() => go('/')}></mc-evening>
      </main>
    `;
  }
}

customElements.define('mc-event', EventPage);
