// A list that the server hands out page by page: loads on as one scrolls, and says when it is empty or could not be had.

import { ask, refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { Element, html, nothing, repeat } from '../lit.js';
import { Store } from '../store.js';
import { icon } from './icons.js';

/** Rows fetched at a time. */
const ROWS = 20;

/**
 * The rows so far, and the way to the next ones. Event `change`.
 * @template {{id: string}} T
 * @extends {Store<{items: T[], state: 'loading' | 'ready' | 'failed', more: boolean, trouble: string}>}
 */
export class Listing extends Store {
  /** @type {string | undefined} */
  #cursor;
  #round = 0;

  /**
   * Fetches its first rows at once, unless they are there.
   * @param {string} path below `/api/v1`
   * @param {Record<string, string | number | undefined>} [query]
   * @param {(item: any) => T} [row] makes a row of what the server says, where that has no `id` of its own
   * @param {{items: any[], next_cursor: string | null}} [first] the first rows, where they are there already
   */
  constructor(path, query = {}, row = (item) => item, first) {
    super({ items: [], state: 'loading', more: true, trouble: '' });
    this.path = path;
    this.query = query;
    this.row = row;
    if (first) {
      this.#cursor = first.next_cursor ?? undefined;
      this.set({ items: first.items.map(row), state: 'ready', more: Boolean(this.#cursor) });
    } else {
      this.#fetch();
    }
  }

  /** The next rows, if there are any and none are on their way. */
  next() {
    if (this.value.more && this.value.state === 'ready') this.#fetch();
  }

  /** Once more after a failure. */
  retry() {
    if (this.value.state === 'failed') this.#fetch();
  }

  /** Everything anew, from the top. The old rows stay until the new ones are there. */
  reload() {
    this.#cursor = undefined;
    this.#fetch();
  }

  /** @param {string} id */
  remove(id) {
    this.set({ items: this.value.items.filter((item) => item.id !== id) });
  }

  /**
   * @param {string} id
   * @param {Partial<T>} patch
   */
  change(id, patch) {
    this.set({ items: this.value.items.map((item) => (item.id === id ? { ...item, ...patch } : item)) });
  }

  /** @param {T} item in front of all others */
  add(item) {
    this.set({ items: [item, ...this.value.items.filter((one) => one.id !== item.id)] });
  }

  /** @param {T} item behind all others, unless they end later */
  append(item) {
    if (!this.value.items.some((one) => one.id === item.id)) this.set({ items: [...this.value.items, item] });
  }

  async #fetch() {
    const round = ++this.#round;
    const cursor = this.#cursor;
    this.set({ state: 'loading' });
    try {
      const page = await ask(this.path, { query: { limit: ROWS, ...this.query, cursor } });
      if (round !== this.#round) return;
      this.#cursor = page.next_cursor ?? undefined;
      const known = new Set(cursor ? this.value.items.map(({ id }) => id) : []);
      const items = cursor ? this.value.items : [];
      const fresh = page.items.map(this.row).filter((/** @type {T} */ item) => !known.has(item.id));
      this.set({ items: [...items, ...fresh], state: 'ready', more: Boolean(this.#cursor) });
    } catch (error) {
      if (round === this.#round) this.set({ state: 'failed', trouble: explain(refusal(error)) });
    }
  }
}

/**
 * Shows a listing; the element that shows it watches it (`watch(this, listing)`).
 * @template {{id: string}} T
 * @param {Listing<T>} listing
 * @param {(item: T) => unknown} row makes an `<li>`
 * @param {{label: string, empty?: unknown, icon?: string, look?: string}} words `label`: what the list is; `empty`: what to say,
 *   and where to go, when there is nothing; `look`: its class, where it is not of lines
 */
export function list(listing, row, { label, empty = t('list.empty'), icon: picture = 'people', look = 'rows' }) {
  const { items, state, more, trouble } = listing.value;
  if (!items.length && state === 'ready' && !more) return nothingHere(empty, picture);
  return html`
    <ul class=${look} aria-label=${label} aria-busy=${state === 'loading'}>
      ${repeat(items, ({ id }) => id, row)}
    </ul>
    ${state === 'failed' ? failed(trouble, () => listing.retry()) : nothing}
    ${state === 'loading' ? loading() : nothing}
    ${state === 'ready' && more ? html`<mc-more .listing=${listing}></mc-more>` : nothing}
  `;
}

/** Something is on its way. */
export const loading = () => html`<p class="state" role="status"><span class="spinner" aria-hidden="true"></span>${t('list.loading')}</p>`;

/**
 * Nothing is here, and that is fine.
 * @param {unknown} words
 * @param {string} [picture] an icon's name
 */
export const nothingHere = (words, picture = 'people') => html`
  <div class="state empty-state"><span class="emblem">${icon(picture)}</span><p>${words}</p></div>
`;

/**
 * It could not be had.
 * @param {string} trouble
 * @param {() => void} again
 */
export const failed = (trouble, again) => html`
  <div class="note warn" role="alert">
    ${icon('warn')}<span>${trouble}</span>
    <button type="button" class="button quiet" @click=${again}>${t('list.again')}</button>
  </div>
`;

/** The end of what is loaded: coming near it loads on, and so does pressing it. */
class More extends Element {
  static properties = { listing: {} };

  constructor() {
    super();
    this.listing = /** @type {Listing<any>} */ (/** @type {unknown} */ (undefined));
    /** Where a browser cannot tell what is near, the button is left. */
    this.observer = 'IntersectionObserver' in window ? new IntersectionObserver(([first]) => first?.isIntersecting && this.listing.next(), { rootMargin: '600px' }) : null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.observer?.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  render() {
    return html`<button type="button" class="button" @click=${() => this.listing.next()}>${t('list.more')}</button>`;
  }
}

customElements.define('mc-more', More);
