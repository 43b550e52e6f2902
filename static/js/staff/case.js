// A report as staff see it: what it is about, the thing in its place, and what was decided, which can be taken back.

import { refusal } from '../api.js';
import { commentAt, fetchComment } from '../comments/asks.js';
import { explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { ago, fullTime } from '../people/ago.js';
import { go } from '../router.js';
import { icon } from '../ui/icons.js';
import '../ui/menu.js';
import { profileOf } from '../ui/person.js';
import { toast } from '../ui/toasts.js';
import { TAKEDOWNS, actOn } from './asks.js';

/** @import { Somebody } from '../ui/person.js' */
/** @import { Case } from './asks.js' */

/** @param {Somebody | null} person */
export const who = (person) => (person ? html`<a href=${profileOf(person)}>${person.nickname} @${person.handle}</a>` : t('told.somebody'));

/** Where things of a kind are seen as everybody sees them. @type {Record<string, (id: string) => string>} */
const PLACES = {
  user: (id) => `/people/${id}`,
  post: (id) => `/posts/${id}`,
  playlist: (id) => `/playlists/${id}`,
  room: (id) => `/room/${id}`,
};

/**
 * @param {string} kind
 * @param {string} id
 */
export const placeOf = (kind, id) => PLACES[kind]?.(id) ?? null;

/** A comment stands below something: which, its own address tells. @param {string} id */
async function showComment(id) {
  try {
    const place = commentAt(await fetchComment(id));
    if (place) await go(place);
  } catch (error) {
    const why = refusal(error);
    toast(why.status === 404 ? t('staff.gone') : explain(why), { tone: 'warn' });
  }
}

/** @param {Case} one */
function look({ subject: { kind, id } }) {
  if (kind === 'comment') return html`<button type="button" class="button" @click=${() => showComment(id)}>${icon('eye')}${t('staff.look')}</button>`;
  const place = placeOf(kind, id);
  return place ? html`<a class="button" href=${place}>${icon('eye')}${t('staff.look')}</a>` : nothing;
}

/**
 * @param {{id: string}} author
 * @param {{action: string, id?: string}} act
 * @param {string} done what to say then
 */
export async function takeBack(author, act, done) {
  try {
    await actOn(author.id, { ...act, note: '' });
    toast(done);
  } catch (error) {
    const why = refusal(error);
    toast(why.status === 404 ? t('staff.not-so') : explain(why), { tone: 'warn' });
  }
}

/** What an upheld report led to, and how it is taken back. @param {Case} one */
function choices({ author, subject, status }) {
  if (!author || status !== 'upheld') return [];
  const name = author.nickname;
  const show = () => takeBack(author, { action: `show-${subject.kind}`, id: subject.id }, t(`staff.${subject.kind}-shown`));
  const free = { word: t('staff.free', { name }), icon: 'undo', act: () => takeBack(author, { action: 'unsuspend' }, t('staff.unsuspended', { name })) };
  return TAKEDOWNS[subject.kind] === 'hidden' ? [{ word: t(`staff.show-${subject.kind}`), icon: 'eye', act: show }, free] : [free];
}

/**
 * @param {Case} one
 * @param {() => unknown} decide
 */
export function caseRow(one, decide) {
  const { id, subject, author, reporter, reason, note, excerpt, status, created_at: at, closed_at: closed, closed_by: by } = one;
  return html`
    <li>
      <article class="case" aria-labelledby=${`case-${id}`}>
        <h2 id=${`case-${id}`}>${t(`staff.about-${subject.kind}`)} · ${t(`report.${reason}`)}</h2>
        <p class="small">
          <time datetime=${at} title=${fullTime(at)}>${ago(at)}</time> · ${t('staff.by')} ${who(author)} · ${t('staff.from')} ${who(reporter)}
        </p>
        ${excerpt ? html`<blockquote>${excerpt}</blockquote>` : nothing} ${note ? html`<p><b>${t('staff.says')}</b> ${note}</p>` : nothing}
        <div class="row">
          ${look(one)}
          ${status === 'open'
            ? html`<button type="button" class="button accent" @click=${decide}>${icon('shield')}${t('staff.decide')}</button>`
            : html`<span class="tag">${t(`staff.${status}`)}</span><span class="small">${closed ? ago(closed) : ''} ${by ? who(by) : nothing}</span>`}
          <mc-menu .label=${t('staff.take-back')} .choices=${choices(one)}></mc-menu>
        </div>
      </article>
    </li>
  `;
}
