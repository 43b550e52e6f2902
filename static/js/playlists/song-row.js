// A song in a list: press to hear it; what else can be done with it stands at its end.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { icon } from '../ui/icons.js';
import { inWords } from './asks.js';
import { minutes } from './parts.js';

/** @import { Song } from './asks.js' */

/**
 * The words of a row: title, artist, genre and decade.
 * @param {Song} song
 */
export const songWords = (song) => html`
  <span class="song-words">
    <b>${inWords(song.title)}</b>
    <small>
      ${inWords(song.artist)}${song.genre ? html` · ${t(`genre.${song.genre}`)}` : nothing}${song.decade ? html` · ${t('song.decade', { decade: song.decade })}` : nothing}
    </small>
  </span>
`;

/**
 * The inside of an `<li>`.
 * @param {Song} song
 * @param {{play: () => unknown, plays?: boolean, actions?: unknown, nth?: number}} what `plays`: it is the one that sounds
 */
export const songRow = (song, { play, plays = false, actions = nothing, nth }) => html`
  <button type="button" class="song-play" ?data-plays=${plays} @click=${play}>
    <span class="unseen">${t(plays ? 'song.pause' : 'song.play')}</span>
    <span class="song-nth" aria-hidden="true">${nth ? html`<span>${nth}</span>` : nothing}${icon(plays ? 'pause' : 'play')}</span>
    ${songWords(song)}
    <small class="song-length" aria-hidden="true">${minutes(song.preview.seconds)}</small>
  </button>
  ${actions === nothing ? nothing : html`<span class="song-actions">${actions}</span>`}
`;
