// Says things to screen readers, without moving anybody's focus.

/** @type {HTMLElement | null} */
let region = null;
let turn = false;

/** @param {string} text */
export function announce(text) {
  if (!region) {
    region = document.createElement('div');
    region.className = 'unseen';
    region.setAttribute('role', 'status');
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  // The same words twice are read twice only if the text differs.
  turn = !turn;
  region.textContent = turn ? text : `${text}\u00a0`;
}
