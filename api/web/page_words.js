/** The words of a PDF's page over its picture, unseen: to be selected, searched for and read aloud. */
import { slice } from "./offsets.js";
import { html, nothing, svg } from "./lit.js";
import { json, withQuery } from "./service.js";

/** In parts of a box's height, which reaches from the deepest letter to the highest. */
const SIZE = 0.85;
const BASELINE = 0.8;

/** @typedef {{start: number, end: number, text: string, left: number, top: number, right: number, bottom: number}} Word
 * @typedef {{width: number, height: number, words: Word[]}} PageWords sizes in points, boxes in parts of them
 */

/** @param {number} document @param {number} number of the page @param {{start: number, end: number}} span of its text
 * @param {AbortSignal} signal @returns {Promise<PageWords>}
 */
export async function fetchWords(document, number, { start, end }, signal) {
  const path = `/v1/documents/${document}`;
  const [{ width, height, boxes }, { text }] = await Promise.all([
    json(withQuery(`${path}/pages/${number}/boxes`, { start, end, by: "word" }), { signal }),
    json(withQuery(`${path}/text`, { start, end }), { signal }),
  ]);
  return { width, height, words: boxes.map((box) => ({ ...box, text: slice(text, box.start - start, box.end - start) })) };
}

/** @param {PageWords} page */
export function wordsLayer({ width, height, words }) {
  const inPoints = ({ left, top, right, bottom, ...word }) =>
    ({ ...word, left: left * width, top: top * height, right: right * width, bottom: bottom * height });
  return html`<svg class="page-words" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none"><text
    >${words.map(inPoints).map((word, at, all) => [placed(word), after(word, all[at + 1])])}</text></svg>`;
}

/** Stretched to its box, whatever the browser's letters are. */
function placed({ start, text, left, top, right, bottom }) {
  const high = bottom - top;
  return svg`<tspan data-start=${start ?? nothing} x=${left} y=${top + high * BASELINE} font-size=${high * SIZE}
    textLength=${right - left} lengthAdjust="spacingAndGlyphs">${text}</tspan>`;
}

/** What parts a word from the next: on one line, a space as wide as the gap. */
function after(word, next) {
  if (!next || next.start === word.end) return nothing; // the rest of the word, in the next line
  const beside = next.left > word.right && next.top < word.bottom && next.bottom > word.top;
  return beside ? placed({ ...word, start: null, text: " ", left: word.right, right: next.left }) : " ";
}
