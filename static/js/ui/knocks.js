// Who stands before the door of one's room: let in or not, without leaving the call.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, t } from '../i18n.js';
import { html, nothing, repeat } from '../lit.js';
import { answerKnock, fetchKnocks } from '../rooms/asks.js';
import { session } from '../session.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';
import { face } from './person.js';

/** @import { Somebody } from './person.js' */

class Knocks extends CallElement {
  static properties = { ...CallElement.properties, waiting: { state: true } };

  constructor() {
    super();
    /** @type {{id: string, user: Somebody}[]} */
    this.waiting = [];
  }

  connectedCallback() {
    super.connectedCallback();
    this.call.wire.addEventListener('message', this.#heard);
    this.call.wire.addEventListener('back', this.#look);
    this.#look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.call.wire.removeEventListener('message', this.#heard);
    this.call.wire.removeEventListener('back', this.#look);
  }

  /** Who knocked before one came, or while the connection was lost. */
  #look = async () => {
    if (!session.me || !this.call.self?.host) return;
    const { items } = await fetchKnocks(this.call.room).catch(() => ({ items: [] }));
    this.waiting = items;
  };

  #heard = (/** @type {Event} */ event) => {
    const message = /** @type {CustomEvent} */ (event).detail;
    if (message.type === 'roster') this.#look();
    if (message.type === 'answered') this.#drop(message.knock);
    if (message.type !== 'knock') return;
    this.waiting = [...this.waiting.filter(({ id }) => id !== message.knock), { id: message.knock, user: message.person }];
    announce(t('knock.somebody', { name: message.person.nickname }));
  };

  /** @param {string} knock */
  #drop(knock) {
    this.waiting = this.waiting.filter(({ id }) => id !== knock);
  }

  /**
   * @param {string} id
   * @param {'admitted' | 'refused'} answer
   */
  async #answer(id, answer) {
    const before = this.waiting;
    this.#drop(id);
    try {
      await answerKnock(this.call.room, id, answer);
    } catch (error) {
      const why = refusal(error);
      if (why.code !== 'answered' && why.status !== 404) this.waiting = before;
      this.call.moments.toast(explain(why), 'warn');
    }
  }

  render() {
    if (!this.waiting.length) return nothing;
    return repeat(
      this.waiting,
      ({ id }) => id,
      ({ id, user }) => html`
        <div class="toast knock-toast" data-knock=${id}>
          ${face(user)}<span>${t('knock.somebody', { name: user.nickname })}</span>
          <span class="row">
            <button type="button" class="button accent" @click=${() => this.#answer(id, 'admitted')}>${icon('check')}${t('knock.admit')}<span class="unseen">&nbsp;${user.nickname}</span></button>
            <button type="button" class="button" @click=${() => this.#answer(id, 'refused')}>${t('knock.refuse')}<span class="unseen">&nbsp;${user.nickname}</span></button>
          </span>
        </div>
      `,
    );
  }
}

customElements.define('mc-knocks', Knocks);
