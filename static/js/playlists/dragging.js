// Dragging a row of a list to another place, with a mouse, a pen or a finger: the list changes under it while it is dragged, and
// Escape puts it back.

/** So near to the edge of the screen the page scrolls along, in px. */
const EDGE = 72;
/** So far at a time, in px. */
const STEP = 10;

/**
 * @typedef {object} Drag
 * @property {HTMLElement} list whose children are the rows
 * @property {number} from
 * @property {(from: number, to: number) => void} move shows the row at another place
 * @property {(to: number) => void} drop it stays there
 * @property {() => void} cancel
 */

/**
 * Follows the pointer until it is let go.
 * @param {PointerEvent} event that began it, on a handle of the row
 * @param {Drag} drag
 */
export function follow(event, { list, from, move, drop, cancel }) {
  if (event.button) return;
  event.preventDefault();
  const life = new AbortController();
  const { signal } = life;
  let now = from;
  let y = event.clientY;

  const place = () => {
    const rows = [...list.children];
    const middles = rows.map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2;
    });
    // As many rows as have their middle above the pointer, without the one that is dragged.
    const to = middles.filter((middle, index) => index !== now && middle < y).length;
    if (to === now) return;
    move(now, to);
    now = to;
  };
  const scroll = () => {
    if (signal.aborted) return;
    const by = y < EDGE ? -STEP : y > innerHeight - EDGE ? STEP : 0;
    if (by) {
      window.scrollBy(0, by);
      place();
    }
    requestAnimationFrame(scroll);
  };
  const end = (/** @type {() => void} */ what) => () => {
    life.abort();
    what();
  };
  window.addEventListener('pointermove', (moved) => {
    if (moved.pointerId !== event.pointerId) return;
    y = moved.clientY;
    place();
  }, { signal });
  window.addEventListener('pointerup', end(() => drop(now)), { signal });
  window.addEventListener('pointercancel', end(cancel), { signal });
  window.addEventListener('keydown', (pressed) => {
    if (pressed.key !== 'Escape') return;
    pressed.stopPropagation();
    end(cancel)();
  }, { signal, capture: true });
  requestAnimationFrame(scroll);
}
