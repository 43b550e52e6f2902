// A copied tab brings a copy of the seat's token along. Two tabs must not fight over one seat, so a lock says who sits.

/** A page that reloads lets its lock go only when it is quite gone. */
const WAIT_MS = 800;

/** @param {string} room */
const lockName = (room) => `moodcall.seat.${room}`;

/**
 * @param {string} room
 * @returns {Promise<boolean>} whether the tab's old seat is free to be taken back
 */
export async function heldSeat(room) {
  if (!navigator.locks || !sessionKey(room)) return true;
  try {
    const signal = AbortSignal.timeout(WAIT_MS);
    await navigator.locks.request(sessionKey(room), { signal }, async () => {});
    return true;
  } catch {
    sessionStorage.removeItem(lockName(room));
    sessionStorage.removeItem(`moodcall.resume.${room}`);
    return false;
  }
}

/** @param {string} room */
export function holdSeat(room) {
  const key = sessionKey(room) || `${lockName(room)}.${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
  try {
    sessionStorage.setItem(lockName(room), key);
  } catch {
    return;
  }
  navigator.locks?.request(key, () => new Promise(() => {})).catch(() => {});
}

/** @param {string} room */
function sessionKey(room) {
  try {
    return sessionStorage.getItem(lockName(room)) ?? '';
  } catch {
    return '';
  }
}
