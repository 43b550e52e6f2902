// The chat: lines with names and times, and a field that sends with Enter.

import { clock, t } from '../i18n.js';
import { html, repeat } from '../lit.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';

const MOST_CHARACTERS = 2_000;
const NEAR_END_PX = 80;

class Chat extends CallElement {
  constructor() {
    super();
    this.atEnd = true;
  }

  willUpdate() {
    const list = this.querySelector('.lines');
    this.atEnd = !list || list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
  }

  updated() {
    const list = this.querySelector('.lines');
    if (list && this.atEnd) list.scrollTop = list.scrollHeight;
  }

  /** @param {Event} event */
  #send(event) {
    event.preventDefault();
    const field = this.querySelector('textarea');
    if (!field) return;
    this.call.chat(field.value);
    field.value = '';
    field.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While Hangul is being composed, Enter belongs to the input method.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.#send(event);
  }

  render() {
    const { chat, me } = this.call.value;
    return html`
      <ol class="lines" tabindex="0" aria-label=${t('chat.lines')}>
        ${chat.length ? '' : html`<li class="empty">${icon('chat')}<span>${t('chat.empty')}</span></li>`}
        ${repeat(
          chat,
          (line) => line.message,
          (line, i) => html`
            <li class="line" ?data-own=${line.participant === me} ?data-follows=${chat[i - 1]?.participant === line.participant}>
              <span class="who"><b>${line.name}</b> <time datetime=${line.at}>${clock(line.at)}</time></span>
              <p>${line.text}</p>
            </li>
          `,
        )}
      </ol>
      <form class="composer" @submit=${this.#send}>
        <textarea class="field" rows="1" maxlength=${MOST_CHARACTERS} aria-label=${t('chat.message')} placeholder=${t('chat.hint')} @keydown=${this.#key}></textarea>
        <button class="button accent round" aria-label=${t('chat.send')}>${icon('send')}</button>
      </form>
    `;
  }
}

customElements.define('mc-chat', Chat);
