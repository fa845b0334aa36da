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

const kept = read();

/** @type {Store<Saved[]>} */
export const notebook = new Store(kept.passages);

/** What it is called; may be empty. @type {Store<string>} */
export const notebookTitle = new Store(kept.title);

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
  return keep();
}

/** @param {string} title */
export function retitle(title) {
  if (title === notebookTitle.value) return;
  notebookTitle.set(title);
  keep();
}

function keep() {
  try {
    const now = { version: VERSION, title: notebookTitle.value, passages: notebook.value };
    localStorage.setItem(NAME, JSON.stringify(now));
    return true;
  } catch {
    return false; // Storage may be full or forbidden: it holds until the page is left.
  }
}

addEventListener("storage", (event) => {
  if (event.key !== NAME && event.key !== null) return;
  const { title, passages } = read();
  notebookTitle.set(title);
  notebook.set(passages);
});

function same(one, other) {
  return one.document_id === other.document_id && one.start === other.start && one.end === other.end;
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? "null");
    if (kept?.version === VERSION && Array.isArray(kept.passages)) return { title: kept.title ?? "", passages: kept.passages };
  } catch {
    // Storage may be forbidden, or hold something else.
  }
  return { title: "", passages: [] };
}
