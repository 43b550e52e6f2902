// A person as lists and pages show them: picture (or initial), nickname, handle.

import { html, ifDefined, nothing } from '../lit.js';

/** @typedef {{id: string, handle: string, nickname: string, avatar?: string | null}} Somebody */

/** Two colours for whoever has no picture: always the same ones for the same person. */
const AURAS = ['happiness', 'sadness', 'fear', 'disgust', 'surprise', 'contempt'];

/** @param {Somebody} person */
const aura = ({ id }) => AURAS[[...id].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 7) % AURAS.length];

/**
 * Their picture, or their initial on their colours. Decoration: the name stands beside it.
 * @param {Somebody} person
 * @param {'small' | 'large' | 'huge'} [size] 40, 72 or 128 px
 */
export const face = (person, size = 'small') => html`
  <span class="face" data-size=${size} data-aura=${ifDefined(person.avatar ? undefined : aura(person))} aria-hidden="true">
    ${person.avatar
      ? html`<img src=${person.avatar} alt="" loading="lazy" decoding="async" />`
      : html`<span>${[...person.nickname][0] ?? '?'}</span>`}
  </span>
`;

/** @param {{handle: string}} person */
export const profileOf = ({ handle }) => `/people/${encodeURIComponent(handle)}`;

/**
 * One line of a list of people: leads to the profile; what can be done stands at the end.
 * @param {Somebody} person
 * @param {{note?: unknown, actions?: unknown}} [more] `note`: a line below the name instead of the handle
 */
export const personRow = (person, { note, actions } = {}) => html`
  <li class="row-person">
    <a class="row-person-link" href=${profileOf(person)}>
      ${face(person)}
      <span class="row-person-name">
        <b>${person.nickname}</b>
        <small>${note ?? `@${person.handle}`}</small>
      </span>
    </a>
    ${actions ? html`<span class="row-person-actions">${actions}</span>` : nothing}
  </li>
`;
