/** What the user chose, kept in this browser. */
import { Store } from "./store.js";

const NAME = "quaere.preferences";

/** @typedef {{theme: "system" | "light" | "dark", style: string, letterKeys: boolean,
 *   pdf: "pages" | "text"}} Preferences */

/** @type {Preferences} */
const AT_FIRST = { theme: "system", style: "apa", letterKeys: true, pdf: "pages" };

/** @type {Store<Preferences>} */
export const preferences = new Store(read());

/** @param {Partial<Preferences>} changes */
export function prefer(changes) {
  preferences.set({ ...preferences.value, ...changes });
  try {
    localStorage.setItem(NAME, JSON.stringify(preferences.value));
  } catch {
    // Storage may be full or forbidden: the choice holds until the page is left.
  }
}

addEventListener("storage", (event) => {
  if (event.key === NAME) preferences.set(read());
});

function read() {
  try {
    return { ...AT_FIRST, ...JSON.parse(localStorage.getItem(NAME) ?? "{}") };
  } catch {
    return AT_FIRST;
  }
}
