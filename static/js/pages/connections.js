// Who follows somebody, whom they follow, who their friends are.

import { Refusal, refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html } from '../lit.js';
import { byPerson, fetchProfile } from '../people/asks.js';
import '../people/follow.js';
import { session } from '../session.js';
import { watch } from '../store.js';
import { Listing, failed, list, loading, nothingHere } from '../ui/list.js';
import { Page } from '../ui/page.js';
import { personRow, profileOf } from '../ui/person.js';
import { tabs } from '../ui/tabs.js';

/** @import { Profile, AcquaintanceRow } from '../people/asks.js' */

const LISTS = /** @type {const} */ (['followers', 'following', 'friends']);
const ICONS = { followers: 'people', following: 'invite', friends: 'friends' };

class Connections extends Page {
  static properties = { ...Page.properties, person: { state: true }, trouble: { state: true } };

  /** @type {Listing<AcquaintanceRow> | null} */
  #listing = null;

  constructor() {
    super();
    /** @type {Profile | null} */
    this.person = null;
    /** @type {Refusal | null} */
    this.trouble = null;
    this.which = LISTS.find((one) => location.pathname.endsWith(`/${one}`)) ?? 'followers';
  }

  firstUpdated() {
    this.#load();
  }

  async #load() {
    this.trouble = null;
    try {
      this.person = await fetchProfile(this.params.handle ?? '');
      this.#listing = new Listing(`/users/${this.person.id}/${this.which}`, {}, byPerson);
      watch(this, this.#listing);
    } catch (error) {
      this.trouble = refusal(error);
    }
  }

  /** @param {AcquaintanceRow} row */
  #row({ id, user, following }) {
    const change = (/** @type {CustomEvent} */ event) => this.#listing?.change(id, { following: event.detail });
    return personRow(user, {
      actions: id === session.me?.id ? undefined : html`<mc-follow .person=${user} .following=${following} @follow=${change}></mc-follow>`,
    });
  }

  render() {
    const { person, trouble, which } = this;
    if (trouble?.status === 404) return html`<main class="page"><h1>${t('profile.gone')}</h1>${nothingHere(t('profile.gone-why'))}</main>`;
    if (trouble) return html`<main class="page">${failed(explain(trouble), () => this.#load())}</main>`;
    if (!person || !this.#listing) return html`<main class="page">${loading()}</main>`;
    const mine = person.id === session.me?.id;
    const title = t(`profile.${which}-of`, { name: person.nickname });
    this.named(title);
    const home = profileOf(person);
    return html`
      <main class="page">
        <p><a class="back" href=${home}>@${person.handle}</a></p>
        <h1>${title}</h1>
        ${tabs(
          t('profile.lists'),
          LISTS.map((one) => ({ href: `${home}/${one}`, word: t(`profile.${one}`), badge: person.counts[one] })),
          `${home}/${which}`,
        )}
        ${list(this.#listing, (row) => this.#row(row), {
          label: title,
          empty: t(mine ? `profile.no-${which}-mine` : `profile.no-${which}`, { name: person.nickname }),
          icon: ICONS[which],
        })}
      </main>
    `;
  }
}

customElements.define('mc-connections', Connections);
