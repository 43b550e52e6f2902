// What is done to a thing anywhere is told to every list that shows it.

/**
 * Events: `change` (detail: `{id, patch}`; a patch of null: it is gone), `made` (detail: the thing).
 * @template {{id: string}} T
 */
export class Changes extends EventTarget {
  /**
   * @param {string} id
   * @param {Partial<T> | null} patch
   */
  tell(id, patch) {
    this.dispatchEvent(new CustomEvent('change', { detail: { id, patch } }));
  }

  /** @param {T} thing just made */
  made(thing) {
    this.dispatchEvent(new CustomEvent('made', { detail: thing }));
  }

  /**
   * Keeps a list up to date from now on, also while it is kept for the way back.
   * @param {import('./ui/list.js').Listing<T>} listing
   */
  follow(listing) {
    this.addEventListener('change', (event) => {
      const { id, patch } = /** @type {CustomEvent} */ (event).detail;
      if (patch) listing.change(id, patch);
      else listing.remove(id);
    });
  }
}
