// Keys for media, on a keyboard, a headset or a locked phone. Browsers give them to a page that plays an audio element: while the
// player plays, one plays silence.

import { artistOf, titleOf } from './song.js';

/** @import { player as Player } from './player.js' */

const SILENCE_S = 10;
const RATE = 8_000;

/** Silence as a file: a WAV of zeros. */
function silence() {
  const samples = SILENCE_S * RATE;
  const view = new DataView(new ArrayBuffer(44 + samples));
  const text = (/** @type {number} */ at, /** @type {string} */ word) => [...word].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, 36 + samples, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  text(36, 'data');
  view.setUint32(40, samples, true);
  for (let i = 44; i < view.byteLength; i += 1) view.setUint8(i, 128);
  return new Blob([view.buffer], { type: 'audio/wav' });
}

/** @param {typeof Player} player */
export function followMediaKeys(player) {
  const { mediaSession } = navigator;
  if (!mediaSession) return;
  /** @type {HTMLAudioElement | undefined} */
  let audio;
  let shown = '';
  /** @type {Partial<Record<MediaSessionAction, MediaSessionActionHandler>>} */
  const actions = {
    play: () => void player.resume(),
    pause: () => player.pause(),
    stop: () => player.close(),
    nexttrack: () => player.next(),
    previoustrack: () => player.previous(),
    seekto: ({ seekTime }) => player.seek(seekTime ?? 0),
    seekforward: ({ seekOffset }) => player.seek(player.position + (seekOffset ?? 10)),
    seekbackward: ({ seekOffset }) => player.seek(player.position - (seekOffset ?? 10)),
  };
  let held = false;
  const hold = (/** @type {boolean} */ on) => {
    if (held === on) return;
    held = on;
    for (const [action, act] of Object.entries(actions)) {
      try {
        mediaSession.setActionHandler(/** @type {MediaSessionAction} */ (action), on ? act : null);
      } catch {
        // A browser that does not know this key.
      }
    }
  };
  const follow = () => {
    const { song, seconds } = player;
    const { playing, sees, aside, origin } = player.value;
    // The video's frame has a session of its own; a call wants none.
    hold(Boolean(song) && !sees && !aside);
    if (!song || sees || aside) {
      audio?.pause();
      mediaSession.playbackState = 'none';
      mediaSession.metadata = null;
      shown = '';
      return;
    }
    audio ??= Object.assign(new Audio(URL.createObjectURL(silence())), { loop: true });
    if (playing && audio.paused) audio.play().catch(() => {});
    if (!playing) audio.pause();
    mediaSession.playbackState = playing ? 'playing' : 'paused';
    const shows = `${song.id}/${origin.cover}`;
    if (shows !== shown) {
      shown = shows;
      const artwork = origin.cover ? [{ src: new URL(origin.cover, location.href).href }] : [];
      mediaSession.metadata = new MediaMetadata({ title: titleOf(song), artist: artistOf(song), album: origin.title ?? '', artwork });
    }
    try {
      mediaSession.setPositionState({ duration: seconds, position: Math.min(seconds, Math.max(0, player.position)), playbackRate: 1 });
    } catch {
      // Between two songs, nothing fits.
    }
  };
  player.addEventListener('change', follow);
  follow();
}
