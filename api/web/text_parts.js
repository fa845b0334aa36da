/** A long text in parts that begin and end with lines; which they are follows from the text alone,
 * so that each can be fetched without the others. Pure but for `fetchPart`.
 */
import { codePoints, slice } from "./offsets.js";
import { json, withQuery } from "./service.js";

/** Code points; about four printed pages. */
export const PART = 12_000;
/** How far from the part's nominal end a line's end is looked for. */
const LOOK = 3_000;

/** @param {number} length of the text @returns {number} how many parts it has */
export function partsOf(length) {
  return Math.max(1, Math.ceil(length / PART));
}

/** The part in which an offset stands, or the one before it: parts begin up to LOOK later.
 * @param {number} offset @param {number} length
 */
export function partAt(offset, length) {
  return Math.min(Math.floor(offset / PART), partsOf(length) - 1);
}

/** A part of a text, from its first whole line to the line that runs into the next part.
 * @param {string} text from `number * PART` to LOOK after the part's nominal end
 * @param {number} number @param {number} length of the whole text
 * @returns {{start: number, text: string}}
 */
export function part(text, number, length) {
  const last = number === partsOf(length) - 1;
  const first = number === 0 ? 0 : lineEnd(slice(text, 0, LOOK));
  const end = last ? codePoints(text) : PART + lineEnd(slice(text, PART, PART + LOOK));
  return { start: number * PART + first, text: slice(text, first, end) };
}

/** @param {number} document @param {number} number @param {number} length @param {AbortSignal} signal */
export async function fetchPart(document, number, length, signal) {
  const start = number * PART;
  const end = Math.min(start + PART + LOOK, length);
  const { text } = await json(withQuery(`/v1/documents/${document}/text`, { start, end }), { signal });
  return part(text, number, length);
}

/** The paragraphs of a part, each with its offset; what stands between them is white space.
 * @param {{start: number, text: string}} part @returns {{start: number, text: string}[]}
 */
export function paragraphs({ start, text }) {
  const found = [];
  let [unit, offset] = [0, start];
  for (const { 0: run, index } of text.matchAll(/\S[^]*?(?=\s*(?:\n[^\S\n]*){2,}|\s*$)/g)) {
    offset += codePoints(text.slice(unit, index));
    found.push({ start: offset, text: run });
    unit = index + run.length;
    offset += codePoints(run);
  }
  return found;
}

/** After how many code points the first line ends; without one, after the last word, or all of it. */
function lineEnd(text) {
  const line = text.indexOf("\n");
  if (line >= 0) return codePoints(text.slice(0, line + 1));
  const word = text.lastIndexOf(" ");
  return codePoints(word >= 0 ? text.slice(0, word + 1) : text);
}

