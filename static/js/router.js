// From an address to a page, without loading the document anew: links, the browser's back and forward, focus, scroll.

import { need, t } from './i18n.js';
import { ROUTES } from './routes.js';
import { session } from './session.js';

/** @import { Route } from './routes.js' */

/** Pages kept for the way back. */
const KEPT = 5;
/** How long a place in a page is waited for, in ms. */
const PLACE_MS = 1_500;

/**
 * @typedef {HTMLElement & {params?: Record<string, string>, updateComplete?: Promise<unknown>,
 *   asksBeforeLeaving?: boolean}} PageElement
 * `asksBeforeLeaving`: leaving needs a yes, as a call does
 */

/** Event `change` after another page is shown. */
export const navigation = new EventTarget();

/** @type {HTMLElement} */
let outlet;
/** @type {PageElement | null} */
let shown = null;
/** @type {Route | null} */
let route = null;
/** The entry of the history that is shown. @type {{at: number, key: string}} */
let entry = { at: 0, key: '' };
/** @type {Map<string, PageElement>} */
const kept = new Map();
/** @type {Map<string, number>} */
const places = new Map();
/** Counts navigations, so that a slow one does not replace a later one. */
let turn = 0;
let ignored = 0;
/** Whether somebody said yes to leaving what asks. */
let agreed = false;

/** The route that is shown. */
export const currentRoute = () => route;

/** @param {HTMLElement} element where pages go */
export async function startRouter(element) {
  outlet = element;
  history.scrollRestoration = 'manual';
  entry = history.state?.key ? history.state : { at: 0, key: fresh() };
  history.replaceState(entry, '');
  document.addEventListener('click', follow);
  window.addEventListener('popstate', travel);
  session.addEventListener('change', () => {
    if (session.me) return;
    kept.clear();
    // By the address: whoever logged out may be on the way elsewhere already.
    if (find(location.pathname)?.route.members) go(loginAddress(), { replace: true });
  });
  await show({ first: true });
}

/**
 * Shows the page at an address of this site.
 * @param {string} address
 * @param {{replace?: boolean}} [options] `replace`: the page that is shown now is not come back to
 */
export async function go(address, { replace = false } = {}) {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin || !find(url.pathname)) {
    location.assign(url);
    return;
  }
  if (!mayLeave()) return;
  leave();
  entry = { at: replace ? entry.at : entry.at + 1, key: fresh() };
  if (replace) history.replaceState(entry, '', url);
  else history.pushState(entry, '', url);
  await show({});
}

/**
 * An address of this site that came in a query, or else the first page: never another site's.
 * @param {string | null} wanted
 */
export function within(wanted) {
  try {
    const url = new URL(wanted ?? '/', location.origin);
    return url.origin === location.origin && wanted?.startsWith('/') ? url.pathname + url.search + url.hash : '/';
  } catch {
    return '/';
  }
}

/** Log-in first, then back here. */
export const loginAddress = () => `/login?next=${encodeURIComponent(location.pathname + location.search)}`;

/** @param {string} path */
function find(path) {
  for (const one of ROUTES) {
    const params = match(one.path, path);
    if (params) return { route: one, params };
  }
  return null;
}

/**
 * @param {string} pattern
 * @param {string} path
 * @returns {Record<string, string> | null}
 */
function match(pattern, path) {
  const wanted = pattern.split('/');
  const parts = path.replace(/(.)\/$/, '$1').split('/');
  if (wanted.length !== parts.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [i, name] of wanted.entries()) {
    const part = parts[i] ?? '';
    if (name.startsWith(':') && part) params[name.slice(1)] = decoded(part);
    else if (name !== part) return null;
  }
  return params;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** @param {MouseEvent} event */
function follow(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.composedPath().find((one) => one instanceof HTMLAnchorElement);
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || !find(url.pathname)) return;
  if (url.hash && url.pathname === location.pathname && url.search === location.search) return;
  event.preventDefault();
  go(url.href);
}

/** @param {PopStateEvent} event */
function travel({ state }) {
  if (ignored) {
    ignored -= 1;
    return;
  }
  const to = state?.key ? state : { at: 0, key: fresh() };
  if (shown?.asksBeforeLeaving && !agreed) {
    // The browser has changed the address already; it goes back to the call's before anything is asked.
    const delta = to.at - entry.at;
    ignored += 1;
    history.go(-delta);
    setTimeout(() => {
      agreed = mayLeave();
      if (agreed) history.go(delta);
    });
    return;
  }
  agreed = false;
  leave();
  entry = to;
  if (!state?.key) history.replaceState(entry, '');
  show({ back: true });
}

const mayLeave = () => !shown?.asksBeforeLeaving || confirm(t('leave.sure'));

/** Remembers where one was. */
function leave() {
  places.set(entry.key, window.scrollY);
  if (!shown || !route?.keeps) return;
  kept.set(entry.key, shown);
  if (kept.size > KEPT) kept.delete(/** @type {string} */ (kept.keys().next().value));
}

/** @param {{first?: boolean, back?: boolean}} how */
async function show({ first = false, back = false }) {
  const mine = ++turn;
  const found = find(location.pathname) ?? find('/');
  if (!found) return;
  if (found.route.members && !session.me) {
    await go(loginAddress(), { replace: true });
    return;
  }
  document.documentElement.toggleAttribute('data-loading', true);
  const old = back ? kept.get(entry.key) : undefined;
  try {
    if (!old) await Promise.all([found.route.load(), need(found.route.texts ?? [])]);
  } catch {
    // The server has a newer version, or cannot be reached: the browser tells which.
    if (mine === turn && !first) location.reload();
    return;
  } finally {
    if (mine === turn) document.documentElement.toggleAttribute('data-loading', false);
  }
  if (mine !== turn) return;
  /** @type {PageElement} */
  const page = old ?? document.createElement(found.route.tag);
  if (!old) page.params = found.params;
  route = found.route;
  shown = page;
  outlet.replaceChildren(page);
  navigation.dispatchEvent(new Event('change'));
  await page.updateComplete;
  if (mine !== turn) return;
  if (!first) {
    if (!back) window.scrollTo(0, 0);
    await focusHeading(page);
  }
  if (back || first) restore(places.get(entry.key) ?? 0, mine);
}

/**
 * The new page's heading takes the focus, so that it is read out and the next Tab goes on from there. A page that still
 * fetches its heading is waited for, unless somebody is quicker.
 * @param {PageElement} page
 */
async function focusHeading(page) {
  const until = performance.now() + PLACE_MS;
  while (page.isConnected && performance.now() < until) {
    const heading = page.querySelector('h1');
    if (page.contains(document.activeElement)) return;
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      return;
    }
    await new Promise(requestAnimationFrame);
  }
}

/**
 * @param {number} place
 * @param {number} mine
 */
async function restore(place, mine) {
  const until = performance.now() + PLACE_MS;
  while (place && mine === turn && performance.now() < until) {
    window.scrollTo(0, place);
    if (Math.abs(window.scrollY - place) < 2) return;
    await new Promise(requestAnimationFrame);
  }
}

const fresh = () => crypto.getRandomValues(new Uint32Array(2)).join('-');
