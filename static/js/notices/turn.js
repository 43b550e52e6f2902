// Of all tabs of a browser, one listens for everybody. Which one: whoever holds a lock; a tab in a call takes it, because its
// socket hears everything anyway.

const LOCK = 'moodcall.notices';

/**
 * Waits for the turn, has it until the signal, and queues again when it was taken away.
 * @param {AbortSignal} signal
 * @param {{took: () => void, lost: () => void, steal?: boolean}} turn
 */
export async function takeTurns(signal, { took, lost, steal = false }) {
  // Pages that are not secure have no locks: then every tab listens for itself.
  if (!navigator.locks) {
    took();
    signal.addEventListener('abort', lost);
    return;
  }
  for (let first = true; !signal.aborted; first = false) {
    let had = false;
    const hold = () => {
      had = true;
      took();
      return new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    };
    try {
      // A request that steals cannot have a signal.
      await navigator.locks.request(LOCK, steal && first ? { steal } : { signal }, hold);
    } catch {
      // Taken away, or no longer wanted.
    }
    if (had) lost();
  }
}
