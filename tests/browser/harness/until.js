// Waiting for something to become true, with a limit and a reason.

const INTERVAL_MS = 50;
const TIMEOUT_MS = 15_000;

/**
 * Asks again and again until the answer fits; resolves to it.
 *
 * @template T
 * @param {string} what for the message when it does not happen
 * @param {() => T | Promise<T>} ask
 * @param {(answer: T) => boolean} fits
 * @param {number} timeout in milliseconds
 * @returns {Promise<T>}
 */
export async function until(what, ask, fits, timeout = TIMEOUT_MS) {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > end) throw new Error(`not within ${timeout} ms: ${what}; last: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}
