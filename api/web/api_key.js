/** The API key: for this visit, or in this browser where the user says so. */
const NAME = "quaere.key";

/** @returns {string | null} */
export function apiKey() {
  try {
    return sessionStorage.getItem(NAME) ?? localStorage.getItem(NAME) ?? held;
  } catch {
    return held;
  }
}

let held = null;

/** @param {string} key @param {{lasting: boolean}} how long */
export function keepKey(key, { lasting }) {
  forgetKey();
  try {
    (lasting ? localStorage : sessionStorage).setItem(NAME, key);
  } catch {
    held = key; // Storage may be forbidden: the key holds until the page is left.
  }
}

export function forgetKey() {
  held = null;
  try {
    sessionStorage.removeItem(NAME);
    localStorage.removeItem(NAME);
  } catch {
    // Then none is there.
  }
}
