// One observable value: elements that watch it render again, once per microtask, however many fields changed.

/**
 * @template {object} T
 * @extends EventTarget
 */
export class Store extends EventTarget {
  #pending = false;

  /** @param {T} value */
  constructor(value) {
    super();
    this.value = value;
  }

  /** @param {Partial<T>} patch */
  set(patch) {
    Object.assign(this.value, patch);
    if (this.#pending) return;
    this.#pending = true;
    queueMicrotask(() => {
      this.#pending = false;
      this.dispatchEvent(new Event('change'));
    });
  }
}

/** Once everything that was just set is on the page: stores tell and elements render in microtasks, and this comes after them all. */
export const rendered = () => new Promise((resolve) => setTimeout(resolve));

/**
 * Lets a Lit element follow a store for as long as it is in the page.
 * @param {import('/vendor/@lit/reactive-element/reactive-element.js').ReactiveElement} element
 * @param {EventTarget} store
 */
export function watch(element, store) {
  const update = () => element.requestUpdate();
  element.addController({
    hostConnected: () => {
      store.addEventListener('change', update);
      // It may have changed while the element was kept out of the page.
      update();
    },
    hostDisconnected: () => store.removeEventListener('change', update),
  });
}
