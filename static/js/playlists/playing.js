// What the pages of playlists know of the player: what to play, and what plays.

import { t } from '../i18n.js';
import { toast } from '../ui/toasts.js';

/** @import { Song } from './asks.js' */

const PLAYER = '/static/js/player/player.js';

/**
 * Plays songs one after the other, beginning with one of them.
 * @param {Song[]} songs
 * @param {number} index
 * @param {string} origin address of the page that they stand on
 */
export async function playFrom(songs, index, origin) {
  try {
    const { play } = await import(PLAYER);
    await play(songs, index, { origin });
  } catch {
    toast(t('playlist.no-player'), { tone: 'warn' });
  }
}
