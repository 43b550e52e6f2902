// A new room, and changing one: what it is called, what it is for, and who may come in. What was typed outlives a reload.

import { Refusal, fetchConfig, freshKey, refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import '../posts/tag-field.js';
import { DOORS, DOOR_ICONS, changeRoom, makeRoom, showRoom } from '../rooms/asks.js';
import '../rooms/bans.js';
import { changesOf, detailsOf, forgetDraft, keepDraft, patchOf, recallDraft } from '../rooms/draft.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { Form } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { loading } from '../ui/list.js';
import { Page } from '../ui/page.js';

/** @import { Room } from '../rooms/asks.js' */
/** @import { Details } from '../rooms/draft.js' */

const SIZES = [2, 3, 4, 6, 8];
const MOST_TITLE = 60;
const MOST_DESCRIPTION = 500;
/** For how many days what is said can be kept; 0: for as long as the room is there. */
const KEPT_DAYS = [0, 1, 7, 30, 90, 365];

class RoomEdit extends Page {
  static properties = { ...Page.properties, state: { state: true }, most: { state: true }, restored: { state: true } };

  #key = freshKey();

  constructor() {
    super();
    this.user = session.me?.id ?? '';
    /** The one that is changed; none: it is a new one. @type {Room | null} */
    this.room = null;
    /** @type {'loading' | 'ready' | 'gone' | Refusal} */
    this.state = 'ready';
    /** Whether the form began with what was left here before. */
    this.restored = false;
    this.most = Math.max(...SIZES);
    this.form = new Form(this, { title: '', description: '', tags: [], visibility: 'friends', guests: false, capacity: 4 }, location.pathname.endsWith('/new') ? 'room.new' : undefined);
    fetchConfig().then(({ max_capacity: most }) => (this.most = most ?? this.most)).catch(() => {});
  }

  firstUpdated() {
    if (this.params.id) this.#load(this.params.id);
  }

  /** @param {string} id */
  async #load(id) {
    this.state = 'loading';
    try {
      const room = await showRoom(id);
      if (!room.yours) {
        this.state = 'gone';
        return;
      }
      const draft = recallDraft(this.user, room);
      this.room = room;
      this.restored = Object.keys(changesOf(draft, room)).length > 0;
      this.form = new Form(this, draft);
      this.state = 'ready';
    } catch (error) {
      const why = refusal(error);
      this.state = why.status === 404 ? 'gone' : why;
    }
  }

  get #details() {
    return /** @type {Details} */ ({ ...this.form.values });
  }

  /** Every change of the form renders. */
  updated() {
    if (this.room && this.state === 'ready') keepDraft(this.user, this.room, this.#details);
  }

  /** Forgets what was changed and begins with the room as it is. @param {Room} room */
  async #forget(room) {
    this.form = new Form(this, detailsOf(room));
    this.restored = false;
    await this.updateComplete;
    this.querySelector('h1')?.focus();
  }

  async #save() {
    const { room } = this;
    if (room) {
      const changes = changesOf(this.#details, room);
      // From here on the form says what is there: nothing is left to keep.
      this.room = Object.keys(changes).length ? await changeRoom(room.id, patchOf(changes)) : room;
      this.form = new Form(this, detailsOf(this.room));
      forgetDraft(this.user, room.id);
      announce(t('rooms.saved'));
      await go('/rooms?show=mine', { replace: true });
      return;
    }
    const { title, description, tags, visibility, guests, capacity } = this.form.values;
    const body = { title: title.trim(), description: description.trim(), tags, visibility, guests, capacity };
    const { id } = await makeRoom(body, this.#key);
    this.form.forget();
    await go(`/room/${id}`, { replace: true });
  }

  #doors() {
    const { visibility } = this.form.values;
    return html`
      <fieldset class="labelled">
        <legend>${t('rooms.who')}</legend>
        <div class="doors">
          ${DOORS.map(
            (door) => html`
              <label class="door-choice">
                <input type="radio" name="visibility" value=${door} .checked=${door === visibility} @change=${() => this.form.set('visibility', door)} />
                ${icon(DOOR_ICONS[door])}
                <span><b>${t(`rooms.${door}`)}</b><small>${t(`rooms.${door}-why`)}</small></span>
              </label>
            `,
          )}
        </div>
      </fieldset>
    `;
  }

  #seats() {
    const { capacity } = this.form.values;
    const sizes = [...new Set([...SIZES, capacity])].filter((size) => size <= this.most).sort((a, b) => a - b);
    return html`
      <fieldset class="labelled">
        <legend>${t('home.size')}</legend>
        <div class="chips">
          ${sizes.map(
            (size) => html`
              <label class="chip pick-one">
                <input type="radio" name="capacity" value=${size} .checked=${size === capacity} @change=${() => this.form.set('capacity', size)} />
                <span>${size}</span>
              </label>
            `,
          )}
        </div>
      </fieldset>
    `;
  }

  #kept() {
    const { days } = this.form.values;
    const choices = [...new Set([...KEPT_DAYS, days])].sort((a, b) => a - b);
    const word = (/** @type {number} */ count) => (count === 0 ? t('rooms.kept-always') : count === 1 ? t('rooms.kept-day') : t('rooms.kept-days', { count }));
    return html`
      <label class="labelled">
        <span>${t('rooms.kept')}</span>
        <select class="field" aria-describedby="kept-why" @change=${(/** @type {Event} */ event) => this.form.set('days', Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
          ${choices.map((one) => html`<option value=${one} ?selected=${one === days}>${word(one)}</option>`)}
        </select>
        <small id="kept-why">${t('rooms.kept-why')}</small>
      </label>
    `;
  }

  #gone() {
    this.named(t('rooms.gone'));
    return html`
      <main class="page quiet-page">
        <span class="emblem">${icon('door')}</span>
        <h1>${t('rooms.gone')}</h1>
        <p class="lead">${t('rooms.gone-why')}</p>
        <div class="row"><a class="button" href="/rooms">${icon('door')}${t('rooms.title')}</a></div>
      </main>
    `;
  }

  render() {
    const { form, state, room } = this;
    if (state === 'gone') return this.#gone();
    if (state instanceof Refusal) return this.failed(state, () => this.#load(this.params.id ?? ''));
    if (state === 'loading') return html`<main class="page">${loading()}</main>`;
    const title = t(this.params.id ? 'rooms.change' : 'rooms.new');
    this.named(title);
    return html`
      <main class="page">
        <p><a class="back" href="/rooms">${t('rooms.title')}</a></p>
        <h1 tabindex="-1">${title}</h1>
        ${room && this.restored
          ? html`<p class="note">${icon('info')}<span>${t('write.restored')}</span><button type="button" class="button quiet" @click=${() => this.#forget(room)}>${t('write.forget')}</button></p>`
          : nothing}
        <form class="form" novalidate @submit=${form.submit(() => this.#save())}>
          ${form.field({ name: 'title', label: t('rooms.name'), hint: t('rooms.name-hint'), maxlength: MOST_TITLE })}
          ${form.field({ name: 'description', label: t('rooms.for'), rows: 3, maxlength: MOST_DESCRIPTION })}
          <mc-tag-field .tags=${form.values.tags} @tags=${(/** @type {CustomEvent} */ event) => form.set('tags', event.detail)}></mc-tag-field>
          ${this.#doors()}
          <label class="switch">
            <input type="checkbox" role="switch" name="guests" .checked=${form.values.guests} @change=${(/** @type {Event} */ event) => form.set('guests', /** @type {HTMLInputElement} */ (event.target).checked)} />
            <span>${t('rooms.guests')}</span>
          </label>
          ${this.#seats()} ${room ? this.#kept() : nothing} ${form.trouble()}
          <div class="row">${form.button(t(this.params.id ? 'rooms.save' : 'rooms.make'))}</div>
        </form>
        ${room ? html`<mc-bans .room=${room.id}></mc-bans>` : nothing}
      </main>
    `;
  }
}

customElements.define('mc-room-edit', RoomEdit);
