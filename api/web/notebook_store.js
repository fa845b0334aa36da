/** Passages saved in this browser, in the user's order; other tabs see every change.
 *
 * @typedef {object} Saved
 * @property {number} document_id
 * @property {string} sha256 of the file, when the passage was saved
 * @property {number} start code points
 * @property {number} end
 * @property {string} quote
 * @property {string} note
 * @property {string} saved when, ISO 8601
 * @property {object} citation as the service gave it
 */
import { Store } from "./store.js";

const NAME = "quaere.notebook";
const VERSION = 1;

/** @type {Store<Saved[]>} */
export const notebook = new Store(read());

/** @returns {Saved[]} */
export function list() {
  return notebook.value;
}

/** @param {{document_id: number, start: number, end: number}} one @returns {boolean} */
export function isSaved(one) {
  return notebook.value.some((other) => same(one, other));
}

/** Saves words as the last of the notebook, unless they are there.
 * @param {object} citation as the service gives it
 * @returns {boolean} whether it could be kept beyond this visit
 */
export function save(citation) {
  const { document, start, end, quote } = citation;
  const one = { document_id: document.id, sha256: document.sha256, start, end, quote, note: "" };
  if (isSaved(one)) return true;
  return replaceAll([...notebook.value, { ...one, saved: new Date().toISOString(), citation }]);
}

/** Takes words out. @param {{document_id: number, start: number, end: number}} one
 * @returns {() => void} puts them back where they were
 */
export function remove(one) {
  const at = notebook.value.findIndex((other) => same(one, other));
  if (at < 0) return () => {};
  const [taken] = notebook.value.slice(at, at + 1);
  replaceAll(notebook.value.filter((other) => other !== taken));
  return () => {
    if (!isSaved(taken)) replaceAll(notebook.value.toSpliced(at, 0, taken));
  };
}

/** Another order, other notes. @param {Saved[]} all @returns {boolean} whether it could be kept */
export function replaceAll(all) {
  notebook.set(all);
  try {
    localStorage.setItem(NAME, JSON.stringify({ version: VERSION, passages: all }));
    return true;
  } catch {
    return false; // Storage may be full or forbidden: it holds until the page is left.
  }
}

addEventListener("storage", (event) => {
  if (event.key === NAME || event.key === null) notebook.set(read());
});

function same(one, other) {
  return one.document_id === other.document_id && one.start === other.start && one.end === other.end;
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? "null");
    return kept?.version === VERSION && Array.isArray(kept.passages) ? kept.passages : [];
  } catch {
    return [];
  }
}
