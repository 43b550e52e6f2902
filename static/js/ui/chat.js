// The chat: lines with names and times, those of before too, and a field that sends with Enter. One's own can be changed and
// taken back; the host can take back any.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { MOST_LINE, changeLine, deleteLine } from '../call/lines.js';
import { clock, explain, t } from '../i18n.js';
import { html, nothing, repeat } from '../lit.js';
import { report } from '../posts/report.js';
import { session } from '../session.js';
import { rendered } from '../store.js';
import { confirmed } from './confirm.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';
import './menu.js';

/** @import { ChatLine } from '../call/state.js' */

const NEAR_END_PX = 80;

class Chat extends CallElement {
  static properties = { ...CallElement.properties, editing: { state: true }, saving: { state: true } };

  /** Height of what was there before older lines came, so that one stays where one reads. */
  #height = 0;

  constructor() {
    super();
    this.atEnd = true;
    /** The line that is changed. */
    this.editing = '';
    this.saving = false;
  }

  get #lines() {
    return this.querySelector('.lines');
  }

  willUpdate() {
    const list = this.#lines;
    this.atEnd = !list || list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
  }

  updated() {
    const list = this.#lines;
    if (!list) return;
    if (this.#height && !this.call.value.older.loading) {
      list.scrollTop += list.scrollHeight - this.#height;
      this.#height = 0;
    } else if (this.atEnd) list.scrollTop = list.scrollHeight;
  }

  /** @param {Event} event */
  #send(event) {
    event.preventDefault();
    const field = /** @type {HTMLTextAreaElement | null} */ (this.querySelector('.composer textarea'));
    if (!field) return;
    this.call.talk.say(field.value);
    field.value = '';
    field.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While Hangul is being composed, Enter belongs to the input method.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.#send(event);
  }

  #earlier() {
    this.#height = this.#lines?.scrollHeight ?? 0;
    this.call.talk.earlier();
  }

  /** @param {ChatLine} line */
  #mine({ participant, user }) {
    return participant === this.call.value.me || (user !== null && user === session.me?.id);
  }

  /** @param {ChatLine} line */
  async #edit({ message }) {
    this.editing = message;
    await this.updateComplete;
    const field = /** @type {HTMLTextAreaElement | null} */ (this.querySelector('.line textarea'));
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  /** @param {string} line whose menu takes the focus again */
  async #done(line) {
    this.editing = '';
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector(`[data-line="${line}"] mc-menu button`))?.focus();
  }

  /**
   * @param {ChatLine} line
   * @param {Event} event
   */
  async #save(line, event) {
    event.preventDefault();
    const text = /** @type {HTMLTextAreaElement | null} */ (this.querySelector('.line textarea'))?.value.trim() ?? '';
    if (this.saving) return;
    if (!text || text === line.text) return this.#done(line.message);
    this.saving = true;
    try {
      await changeLine(this.call.room, line.message, text);
      this.call.talk.amend(line.message, { text, edited: true });
      await this.#done(line.message);
      announce(t('chat.changed'));
    } catch (error) {
      // What was typed stays in the field.
      this.call.moments.toast(explain(refusal(error)), 'warn');
    } finally {
      this.saving = false;
    }
  }

  /** @param {ChatLine} line */
  async #delete({ message }) {
    if (!(await confirmed({ title: t('chat.delete-sure'), action: t('chat.delete'), danger: true }))) return;
    try {
      await deleteLine(this.call.room, message);
      this.call.talk.amend(message, { text: '', name: '', deleted: true });
      announce(t('chat.deleted'));
    } catch (error) {
      this.call.moments.toast(explain(refusal(error)), 'warn');
    }
    await rendered();
    if (document.activeElement === document.body) /** @type {HTMLElement | null} */ (this.querySelector('.composer textarea'))?.focus();
  }

  /** @param {ChatLine} line */
  #choices(line) {
    const mine = this.#mine(line);
    const remove = { word: t('chat.delete'), icon: 'discard', act: () => this.#delete(line) };
    const tell = { word: t('chat.report'), icon: 'flag', act: () => report('message', line.message) };
    if (mine) return [{ word: t('chat.edit'), icon: 'pencil', act: () => this.#edit(line) }, remove];
    return [...(session.me ? [tell] : []), ...(this.call.self?.host ? [remove] : [])];
  }

  /**
   * @param {ChatLine} line
   * @param {ChatLine | undefined} before
   */
  #line(line, before) {
    const { message, participant, name, text, at, edited, deleted } = line;
    if (deleted) return html`<li class="line" data-line=${message}><p class="line-gone">${t('chat.gone')}</p></li>`;
    const follows = before?.participant === participant && !before.deleted;
    return html`
      <li class="line" data-line=${message} ?data-own=${this.#mine(line)} ?data-follows=${follows}>
        <span class="who"><b>${name}</b> <time datetime=${at}>${clock(at)}</time></span>
        ${this.editing === message
          ? html`<form class="line-edit" @submit=${(/** @type {Event} */ event) => this.#save(line, event)} @keydown=${(/** @type {KeyboardEvent} */ event) => {
              if (event.isComposing) return;
              if (event.key === 'Enter' && !event.shiftKey) this.#save(line, event);
              if (event.key === 'Escape') {
                event.stopPropagation();
                this.#done(message);
              }
            }}>
              <textarea class="field" rows="2" maxlength=${MOST_LINE} aria-label=${t('chat.edit')} .value=${text}></textarea>
              <div class="row">
                <button class="button accent" aria-disabled=${this.saving}>${t('chat.save')}</button>
                <button type="button" class="button quiet" @click=${() => this.#done(message)}>${t('chat.cancel')}</button>
              </div>
            </form>`
          : html`<div class="line-said">
              <p>${text}${edited ? html` <small>${t('chat.edited')}</small>` : nothing}</p>
              <mc-menu .label=${t('chat.more', { name })} .choices=${this.#choices(line)}></mc-menu>
            </div>`}
      </li>
    `;
  }

  #before() {
    const { loading, more, failed } = this.call.value.older;
    if (failed) return html`<li class="lines-more"><span class="small">${t('chat.no-history')}</span> <button type="button" class="button quiet" @click=${this.#earlier}>${t('chat.again')}</button></li>`;
    if (loading) return html`<li class="lines-more"><span class="spinner" aria-hidden="true"></span><span class="small">${t('list.loading')}</span></li>`;
    return more ? html`<li class="lines-more"><button type="button" class="button quiet" @click=${this.#earlier}>${t('chat.earlier')}</button></li>` : nothing;
  }

  render() {
    const { chat, older } = this.call.value;
    return html`
      <ol class="lines" tabindex="0" aria-label=${t('chat.lines')} aria-busy=${older.loading}>
        ${this.#before()} ${chat.length || older.loading || older.failed ? '' : html`<li class="empty">${icon('chat')}<span>${t('chat.empty')}</span></li>`}
        ${repeat(chat, (line) => line.message, (line, i) => this.#line(line, chat[i - 1]))}
      </ol>
      <form class="composer" @submit=${this.#send}>
        <textarea class="field" rows="1" maxlength=${MOST_LINE} aria-label=${t('chat.message')} placeholder=${t('chat.hint')} @keydown=${this.#key}></textarea>
        <button class="button accent round" aria-label=${t('chat.send')}>${icon('send')}</button>
      </form>
    `;
  }
}

customElements.define('mc-chat', Chat);
