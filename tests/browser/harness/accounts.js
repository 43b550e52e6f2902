// Accounts for tests: made over HTTP where the story is about something else, and what letters say.

import { until } from './until.js';

/** Hard to guess, so good enough for the server. */
export const PASSWORD = 'violet-kettle-27-harbor';

/** For a server that has accounts and shows its letters, without limits that a fast test would meet. */
export const DEVELOPMENT = {
  MOODCALL_SERVER__DEVELOPMENT: 'true',
  MOODCALL_ACCOUNTS__TRIES_PER_MINUTE: '10000',
  MOODCALL_ACCOUNTS__ACCOUNT_TRIES_PER_HOUR: '10000',
  MOODCALL_ACCOUNTS__POSTS_PER_HOUR: '10000',
  MOODCALL_ACCOUNTS__COMMENTS_PER_HOUR: '10000',
};

const CODE = /^\s*(\d{6})\s*$/m;
const RESET = /(https?:\/\/\S+\/reset\/\S+)/;

/** The first answer to `pattern` in the newest letter to somebody that has one. */
async function inLetter(server, to, pattern) {
  const ask = async () => {
    const response = await fetch(`${server.url}/dev/outbox.json?to=${encodeURIComponent(to)}`);
    const { items } = await response.json();
    return items.map(({ text }) => pattern.exec(text)?.[1]).find(Boolean);
  };
  return until(`a letter to ${to} with ${pattern}`, ask, Boolean);
}

/** The code that was sent to an address last. */
export const codeFor = (server, email) => inLetter(server, email, CODE);

/** Path of the link for a new password. */
export async function resetLinkFor(server, email) {
  return new URL(await inLetter(server, email, RESET)).pathname;
}

async function tell(server, method, path, body, headers = {}) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/**
 * Something that somebody asks for elsewhere than in the page that is looked at.
 *
 * @param {{token: string}} account
 */
export const asks = (server, { token }, method, path, body) => tell(server, method, path, body, { authorization: `Bearer ${token}` });

/**
 * A new account, without a browser.
 *
 * @param {import('./server.js').Server} server
 * @param {string} handle also the nickname, with a capital letter, and the name of the address
 */
export async function account(server, handle, { password = PASSWORD, language = 'en' } = {}) {
  const email = `${handle}@example.org`;
  const nickname = handle[0].toUpperCase() + handle.slice(1);
  const { id } = await tell(server, 'POST', '/email-verifications', { email });
  const { proof } = await tell(server, 'PUT', `/email-verifications/${id}`, { code: await codeFor(server, email) });
  const consents = [{ purpose: 'terms', granted: true, version: 'test' }];
  const body = { email_proof: proof, password, handle, nickname, genres: ['pop'], consents, language };
  const { access_token: token, user } = await tell(server, 'POST', '/users', body);
  return { email, handle, nickname, password, token, id: user.id };
}

/**
 * Logs somebody in by the page, and waits until the page knows them.
 *
 * @param {import('./person.js').Person} person
 * @param {{handle: string, password: string}} account
 * @param {string} [next] where to go from there
 */
export async function logIn(person, { handle, password }, next = '/') {
  const { page } = person;
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  await page.getByLabel('E-mail or handle').fill(handle);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.own').waitFor();
}

/**
 * The same without the page for it, where the story is about something else.
 *
 * @param {import('./person.js').Person} person
 * @param {{handle: string, nickname: string, password: string}} account
 */
export async function enter({ page }, { handle, nickname, password }, next = '/') {
  await page.goto('/health/live');
  const status = await page.evaluate(
    async (body) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const { status } = await fetch('/api/v1/tokens', init);
      localStorage.setItem('moodcall.logged-in', 'true');
      return status;
    },
    { grant: 'password', login: handle, password, remember: true, cookie: true },
  );
  if (status >= 300) throw new Error(`${handle} cannot log in: ${status}`);
  await page.goto(next);
  if (!next.startsWith('/room/')) await page.getByRole('button', { name: new RegExp(`^${nickname}: `) }).waitFor();
}

/** The button that carries who one is; it opens one's own menu. */
export const ownMenu = (person) => person.page.locator('.own');
