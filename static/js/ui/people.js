// Who is here, who has the floor, and for the host the way out for somebody else.

import { refusal } from '../api.js';
import { sends } from '../call/roster.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { ban } from '../rooms/asks.js';
import { session } from '../session.js';
import { badge } from './badge.js';
import { confirmed } from './confirm.js';
import { CallElement } from './element.js';
import { icon } from './icons.js';

/** @import { Person } from '../call/roster.js' */

class People extends CallElement {
  /** For good: whoever has no account would come again under any name. @param {Person} person */
  async #ban({ name, user }) {
    const points = [t('people.ban-now'), t('people.ban-until')];
    if (!user || !(await confirmed({ title: t('people.ban-sure', { name }), points, action: t('people.ban-do'), danger: true }))) return;
    try {
      await ban(this.call.room, user.id);
      this.call.moments.toast(t('people.banned', { name }));
    } catch (error) {
      this.call.moments.toast(explain(refusal(error)), 'warn');
    }
  }

  /** @param {Person} person */
  #row(person) {
    const { me } = this.call.value;
    const own = person.id === me;
    const mayRemove = !own && this.call.self?.host;
    return html`
      <li class="person" ?data-away=${person.away}>
        <span class="avatar small" aria-hidden="true"><span>${[...person.name][0] ?? '?'}</span></span>
        <span class="person-name">
          <b>${own ? t('tile.you', { name: person.name }) : person.name}</b>
          <small>
            ${[
              person.host ? t('tile.host') : '',
              person.away ? t('tile.away') : '',
              person.effects.mode === 'mood' ? t('people.analyzed') : '',
              sends(person, 'audio') ? '' : t('tile.muted'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </span>
        ${person.handSince ? html`<span class="hand" role="img" aria-label=${t('tile.hand')}>${icon('hand')}</span>` : nothing}
        ${badge(person)}
        ${mayRemove
          ? html`<button class="button quiet round" aria-label=${t('people.remove', { name: person.name })} title=${t('people.remove', { name: person.name })} @click=${() => this.call.kick(person.id)}>${icon('remove')}</button>`
          : nothing}
        ${mayRemove && session.me && person.user
          ? html`<button class="button quiet round" aria-label=${t('people.ban', { name: person.name })} title=${t('people.ban', { name: person.name })} @click=${() => this.#ban(person)}>${icon('lock')}</button>`
          : nothing}
      </li>
    `;
  }

  render() {
    const { people, capacity } = this.call.value;
    return html`
      <p class="small">${t('people.count', { count: people.length, capacity })}</p>
      <ul class="persons">${people.map((person) => this.#row(person))}</ul>
    `;
  }
}

customElements.define('mc-people', People);
