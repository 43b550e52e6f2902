// Playlists and songs for tests, made over HTTP where the story is about something else.

import { asks } from './accounts.js';

/**
 * Some songs of the catalogue, always the same ones.
 *
 * @param {import('./server.js').Server} server
 * @param {{token: string}} account
 * @param {number} count
 */
export async function someSongs(server, account, count) {
  const { items } = await asks(server, account, 'GET', `/songs?limit=${count}`);
  return items;
}

/**
 * A playlist with songs in it.
 *
 * @param {import('./server.js').Server} server
 * @param {{token: string}} account whose it is
 * @param {{title?: string, songs?: number, [more: string]: unknown}} [what]
 */
export async function playlist(server, account, { title = 'Rain on the window', songs = 4, ...more } = {}) {
  const some = songs ? await someSongs(server, account, songs) : [];
  return asks(server, account, 'POST', '/playlists', { title, songs: some.map(({ id }) => id), ...more });
}

/**
 * What songs are in a playlist, in order.
 *
 * @param {import('./server.js').Server} server
 * @param {{token: string}} account
 * @param {string} id
 */
export async function titlesOf(server, account, id) {
  const { items } = await asks(server, account, 'GET', `/playlists/${id}/songs?limit=100`);
  return items.map(({ song }) => song.title.en);
}
