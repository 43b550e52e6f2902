// What the page remembers: choices for this browser, and the seat for this tab.

/** @param {Storage | undefined} storage */
function drawer(storage) {
  return {
    /**
     * @template T
     * @param {string} key
     * @param {T} otherwise
     * @returns {T}
     */
    recall(key, otherwise) {
      try {
        const text = storage?.getItem(`moodcall.${key}`);
        return text == null ? otherwise : JSON.parse(text);
      } catch {
        return otherwise;
      }
    },
    /**
     * @param {string} key
     * @param {unknown} value undefined forgets
     */
    keep(key, value) {
      try {
        if (value === undefined) storage?.removeItem(`moodcall.${key}`);
        else storage?.setItem(`moodcall.${key}`, JSON.stringify(value));
      } catch {
        // A full or forbidden storage costs convenience, never the call.
      }
    },
  };
}

/** @param {'localStorage' | 'sessionStorage'} name */
function storage(name) {
  try {
    return window[name];
  } catch {
    return undefined;
  }
}

/** Across tabs and days: name, devices, language, look. */
export const browser = drawer(storage('localStorage'));

/** This tab only, so that a reload finds its seat: resume token, host key, effects. */
export const tab = drawer(storage('sessionStorage'));
