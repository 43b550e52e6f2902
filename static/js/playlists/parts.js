// The parts that a playlist has wherever it is shown: its cover, who may see it, what made it.

import { t } from '../i18n.js';
import { html, ifDefined, nothing } from '../lit.js';
import { figure } from '../posts/figure.js';
import { icon } from '../ui/icons.js';

/** @import { Playlist } from './asks.js' */

/** Side of a cover as it comes, in px. */
const SIDE = 512;

/**
 * Decoration: the title stands beside it.
 * @param {Pick<Playlist, 'cover' | 'mood'>} playlist
 * @param {{lazy?: boolean}} [how]
 */
export const cover = ({ cover: picture, mood }, { lazy = true } = {}) => html`
  <span class="cover" data-aura=${ifDefined(mood ?? undefined)}>
    ${picture ? html`<img src=${picture.url} width=${SIDE} height=${SIDE} alt="" loading=${lazy ? 'lazy' : 'eager'} decoding="async" />` : icon('music')}
  </span>
`;

/** @param {number} count */
export const songCount = (count) => t(count === 1 ? 'playlist.song' : 'playlist.songs', { count: figure(count) });

/** Said only where it is not for everybody. @param {Playlist} playlist */
export const privacy = ({ is_public: open }) => (open ? nothing : html`<span class="byline-seen">${icon('lock')}${t('playlist.private')}</span>`);

/** @param {Playlist} playlist */
export const audience = ({ is_public: open }) => html`<span class="badge-word">${icon(open ? 'world' : 'lock')}${t(open ? 'playlist.public' : 'playlist.private')}</span>`;

/** What of it a machine has made, in words. @param {Playlist} playlist */
export function machineMade({ generated_by: by, cover: picture }) {
  const kind = picture?.kind;
  const words = [
    ...(by ? [by === 'catalog' ? t('playlist.made-inside') : t('playlist.made-by', { model: by })] : []),
    ...(kind === 'generated' ? [t('playlist.cover-generated')] : []),
    ...(kind === 'drawn' ? [t('playlist.cover-drawn')] : []),
  ];
  return words.length ? html`<p class="small machine">${icon('effects')}<span>${words.join(' ')}</span></p>` : nothing;
}

/** @param {number} seconds */
export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
