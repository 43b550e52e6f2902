// A phone does not go dark in the middle of a call.

/** @returns {() => void} lets the screen sleep again */
export function stayAwake() {
  /** @type {WakeLockSentinel | undefined} */
  let lock;
  let over = false;
  // The browser takes the lock away whenever the page is hidden.
  const hold = async () => {
    if (over || document.visibilityState !== 'visible') return;
    lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
    if (over) lock?.release().catch(() => {});
  };
  document.addEventListener('visibilitychange', hold);
  hold();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', hold);
    lock?.release().catch(() => {});
  };
}
