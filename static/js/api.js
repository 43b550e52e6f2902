// The few HTTP requests that the page makes. Everything else goes over the socket.

/** A refusal, with the code that HTTP and the socket share. */
export class Refusal extends Error {
  /**
   * @param {string} code one of the closed list (`/problems/{code}` explains each), or `offline`
   * @param {string} [detail] for people, already in their language
   */
  constructor(code, detail = '') {
    super(detail || code);
    this.code = code;
    this.detail = detail;
  }
}

/**
 * @template T
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<T>}
 */
async function ask(path, init = {}) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(`/api/v1${path}`, {
      ...init,
      headers: {
        accept: 'application/json',
        'accept-language': document.documentElement.lang || 'en',
        ...(init.body ? { 'content-type': 'application/json' } : {}),
      },
    });
  } catch {
    throw new Refusal('offline');
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(body.code ?? 'internal', body.detail);
  return body;
}

/**
 * @param {number} capacity how many may be in the room at once
 * @returns {Promise<{id: string, link: string, host_key: string, capacity: number}>}
 */
export const createRoom = (capacity) =>
  ask('/rooms', { method: 'POST', body: JSON.stringify({ capacity }) });

/**
 * The server's public settings.
 * @returns {Promise<{max_capacity?: number}>}
 */
export const fetchConfig = () => ask('/config');

/**
 * @param {string} room
 * @returns {Promise<{id: string, capacity: number, participants: number}>}
 */
export const fetchRoom = (room) => ask(`/rooms/${encodeURIComponent(room)}`);

/**
 * A ticket opens one socket and is good for some seconds.
 * @param {string} room
 * @param {string} name
 * @param {string | null} hostKey from `createRoom`, in the tab that made the room
 * @returns {Promise<{ticket: string}>}
 */
export const createTicket = (room, name, hostKey) =>
  ask('/socket-tickets', {
    method: 'POST',
    body: JSON.stringify(hostKey ? { room, name, host_key: hostKey } : { room, name }),
  });

/**
 * What looks at a face, and how often it is wrong.
 * @returns {Promise<unknown>}
 */
export const fetchModels = () => ask('/models');

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
