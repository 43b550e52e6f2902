// A playlist in a list: its cover, its name, whose it is.

import { t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { figure } from '../posts/figure.js';
import { icon } from '../ui/icons.js';
import { playlistAt } from './asks.js';
import { cover, privacy, songCount } from './parts.js';

/** @import { Playlist } from './asks.js' */

/** @param {Playlist} playlist makes an `<li>` */
export const playlistCard = (playlist) => html`
  <li class="playlist-card">
    <a href=${playlistAt(playlist.id)}>
      ${cover(playlist)}
      <span class="playlist-name">${playlist.title}</span>
      <small>${playlist.is_own ? privacy(playlist) : playlist.owner.nickname}</small>
      <small>
        ${songCount(playlist.song_count)}${playlist.like_count
          ? html` · <span class="likes">${icon('heart')}<span class="unseen">${t('playlist.likes')}</span>${figure(playlist.like_count)}</span>`
          : nothing}
      </small>
    </a>
  </li>
`;
