// What the pages of playlists ask of the player.

import { player } from '../player/player.js';
import { playlistAt } from './asks.js';

/** @import { Playlist, Song } from './asks.js' */

/**
 * Plays songs one after the other, beginning with one of them.
 * @param {Song[]} songs
 * @param {number} index
 * @param {Playlist} [playlist] the one that they stand in
 */
export const playFrom = (songs, index, playlist) =>
  player.play(songs, index, { origin: playlist ? { id: playlist.id, title: playlist.title, href: playlistAt(playlist.id), cover: playlist.cover?.url ?? null } : {} });
