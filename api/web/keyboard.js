/** The keys of the page: each view has a table of its own, and the help shows them all.
 *
 * @typedef {{key: string, does: string, run: (event: KeyboardEvent) => void, also?: string[]}} Shortcut
 *   `key` and `also` as KeyboardEvent.key has them.
 */
import { preferences } from "./preferences.js";

/** @type {Map<string, Shortcut[]>} */
const tables = new Map();

/** Sets the keys of one part of the page; the last table set is asked first. None takes them away.
 * @param {string} part as the help shows it
 * @param {Shortcut[]} [shortcuts]
 */
export function setShortcuts(part, shortcuts = []) {
  tables.delete(part);
  if (shortcuts.length) tables.set(part, shortcuts);
}

/** Those that are in force: where two have a key, the later table's. @returns {[string, Shortcut[]][]} */
export function allShortcuts() {
  return [...tables].map(([part, shortcuts]) => [part, shortcuts.filter((one) => find(one.key) === one)]);
}

/** Listens to the keyboard. */
export function startKeyboard() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const found = wanted(event) && find(event.key);
    if (!found) return;
    event.preventDefault();
    found.run(event);
  });
}

function find(key) {
  const all = [...tables.values()].reverse().flat();
  return all.find((one) => one.key === key || one.also?.includes(key));
}

/** What is typed into a field is text; a button or link does what Enter does to it. */
function wanted(event) {
  const at = /** @type {Element} */ (event.target);
  const writing = at.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (event.key === "Escape") return true;
  if (writing) return false;
  if (event.key === "Enter") return !at.closest?.("a, button, summary, input, label");
  return event.key.length > 1 || preferences.value.letterKeys;
}
