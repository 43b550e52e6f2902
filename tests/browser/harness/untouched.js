// A page that nobody has touched. What Playwright asks of a page counts as a touch for the browser, so this one is asked by the
// protocol below it, and touched only by a mouse that really goes there.

import { until } from './until.js';

/**
 * @param {import('playwright-core').Page} page
 */
export async function untouched(page) {
  const session = await page.context().newCDPSession(page);
  /** What an expression is in the page. */
  const look = async (expression) => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true, userGesture: false });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  /** Waits for an element that is there and seen; resolves to its middle. */
  const place = async (selector) => {
    const middle = `(() => {
      const box = document.querySelector(${JSON.stringify(selector)})?.getBoundingClientRect();
      return box?.width ? [box.x + box.width / 2, box.y + box.height / 2] : null;
    })()`;
    return until(`${selector} is there`, () => look(middle), Boolean);
  };
  /** A real click. */
  const click = async (selector) => {
    const [x, y] = await place(selector);
    for (const type of ['mousePressed', 'mouseReleased']) await session.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
  };
  return { look, place, click };
}
