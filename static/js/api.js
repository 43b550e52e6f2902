// Everything that the pages ask for over HTTP goes through `ask`; the call itself talks over the socket.

/** What is wrong with one field, by its JSON pointer. @typedef {{pointer: string, code: string, detail: string}} FieldError */

/** A refusal, with the code that HTTP and the socket share. */
export class Refusal extends Error {
  /**
   * @param {string} code one of the closed list (`/problems/{code}` explains each), or `offline`
   * @param {string} [detail] for people, already in their language
   * @param {{status?: number, errors?: FieldError[], wait?: number}} [more] the HTTP status; what is wrong with each field;
   *   seconds until it makes sense to ask again
   */
  constructor(code, detail = '', { status = 0, errors = [], wait = 0 } = {}) {
    super(detail || code);
    this.code = code;
    this.detail = detail;
    this.status = status;
    this.errors = errors;
    this.wait = wait;
  }
}

/**
 * @typedef {object} Request
 * @property {string} [method] GET if not said
 * @property {unknown} [body] sent as JSON, or as it is when it is a FormData or a Blob
 * @property {Record<string, string | number | undefined>} [query]
 * @property {Record<string, string>} [headers]
 * @property {boolean} [anonymous] asked as nobody, even when somebody is logged in
 * @property {boolean} [keepalive] goes on when the page goes away
 * @property {AbortSignal} [signal]
 */

/** Who is logged in; `session.js` says so. @type {{token: () => Promise<string | null>, renew: () => Promise<string | null>}} */
let bearer = { token: async () => null, renew: async () => null };

/** @param {typeof bearer} source where the access token comes from, and a new one when the old one is refused */
export const authorize = (source) => (bearer = source);

/**
 * Asks the server. Throws a `Refusal` for everything but success; a token that is over is renewed, once.
 *
 * @template [T=any]
 * @param {string} path below `/api/v1`
 * @param {Request} [request]
 * @returns {Promise<T>} undefined where the answer has no body
 */
export async function ask(path, request = {}) {
  return understand(await answer(path, request));
}

/** A key by which the server knows that a request was sent twice. */
export const freshKey = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16).padStart(8, '0')).join('');

/**
 * A file of one's own, for which a plain link would not do: it needs the access token.
 * @param {string} path below `/api/v1`
 * @returns {Promise<Blob>}
 */
export async function fetchFile(path) {
  const response = await answer(path, {});
  return response.ok ? response.blob() : understand(response);
}

/**
 * An answer that goes on for a while, for which a browser's own EventSource would not do: it cannot send the access token.
 * @param {string} path below `/api/v1`
 * @param {AbortSignal} signal ends it
 * @returns {Promise<Response>}
 */
export async function openStream(path, signal) {
  const response = await answer(path, { headers: { accept: 'text/event-stream' }, signal });
  return response.ok ? response : understand(response);
}

/**
 * @param {string} path
 * @param {Request} request
 */
async function answer(path, request) {
  const token = request.anonymous ? null : await bearer.token();
  const response = await send(path, request, token);
  if (response.status === 401 && token) {
    const fresh = await bearer.renew();
    if (fresh) return send(path, request, fresh);
  }
  return response;
}

/**
 * @param {string} path
 * @param {Request} request
 * @param {string | null} token
 */
async function send(path, { method = 'GET', body, query = {}, headers = {}, keepalive, signal }, token) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const raw = body instanceof FormData || body instanceof Blob;
  try {
    return await fetch(`/api/v1${path}${search.size ? `?${search}` : ''}`, {
      method,
      headers: {
        accept: 'application/json',
        'accept-language': document.documentElement.lang || 'en',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body !== undefined && !raw ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
      keepalive,
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refusal('offline');
  }
}

/** @param {Response} response */
async function understand(response) {
  const text = await response.text().catch(() => '');
  return meaning(text, response.status, response.headers.get('retry-after'));
}

/**
 * What an answer says, or the refusal that it is.
 * @param {string} text
 * @param {number} status
 * @param {string | null} wait seconds, as `Retry-After` has them
 */
function meaning(text, status, wait) {
  /** @type {any} */
  let body;
  try {
    body = text ? JSON.parse(text) : undefined;
  } catch {
    body = undefined;
  }
  if (status >= 200 && status < 300) return body;
  throw new Refusal(body?.code ?? 'internal', body?.detail, { status, errors: body?.errors ?? [], wait: Number(wait ?? 0) || 0 });
}

/**
 * Sends a file and tells how far it is; `fetch` cannot tell.
 *
 * @template [T=any]
 * @param {string} path below `/api/v1`
 * @param {FormData} body
 * @param {{progress: (share: number) => void, signal?: AbortSignal, headers?: Record<string, string>}} options `progress`: 0 to 1
 * @returns {Promise<T>}
 */
export async function sendFile(path, body, { progress, signal, headers = {} }) {
  const token = await bearer.token();
  /** @type {XMLHttpRequest} */
  const request = await new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', `/api/v1${path}`);
    xhr.setRequestHeader('accept', 'application/json');
    xhr.setRequestHeader('accept-language', document.documentElement.lang || 'en');
    if (token) xhr.setRequestHeader('authorization', `Bearer ${token}`);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded, total, lengthComputable }) => lengthComputable && progress(loaded / total);
    xhr.onload = () => resolve(xhr);
    xhr.onerror = () => reject(new Refusal('offline'));
    xhr.onabort = () => reject(new Refusal('aborted'));
    signal?.addEventListener('abort', () => xhr.abort());
    xhr.send(body);
  });
  return meaning(request.responseText, request.status, request.getResponseHeader('retry-after'));
}

/** Whoever a refusal is not about gets the general one. @param {unknown} error */
export const refusal = (error) => (error instanceof Refusal ? error : new Refusal('internal'));

/**
 * @param {number} capacity how many may be in the room at once
 * @returns {Promise<{id: string, link: string, host_key: string, capacity: number}>}
 */
export const createRoom = (capacity) =>
  ask('/rooms', { method: 'POST', body: { capacity } });

/** @type {Promise<{max_capacity?: number, development?: boolean, sign_up?: boolean}> | undefined} */
let config;

/** The server's public settings, asked for once. */
export function fetchConfig() {
  config ??= ask('/config', { anonymous: true });
  config.catch(() => (config = undefined));
  return config;
}

/**
 * A ticket opens one socket and is good for some seconds.
 * @param {string} room
 * @param {string} name
 * @param {{host_key?: string, invite?: string}} proof `host_key`: from `createRoom`, in the tab that made the room; `invite`: the
 *   token of an invitation
 * @returns {Promise<{ticket: string}>}
 */
export const createTicket = (room, name, proof) => ask('/socket-tickets', { method: 'POST', body: { room, name, ...proof } });

/**
 * What looks at a face, and how often it is wrong.
 * @returns {Promise<unknown>}
 */
export const fetchModels = () => ask('/models', { anonymous: true });

/**
 * @returns {Promise<RTCIceServer[]>} none when the server needs none or cannot be asked
 */
export async function fetchIceServers() {
  try {
    /** @type {any} */
    const body = await ask('/ice-servers');
    const list = Array.isArray(body) ? body : (body.ice_servers ?? body.items ?? []);
    return list.filter((/** @type {any} */ server) => server?.urls?.length);
  } catch {
    return [];
  }
}
