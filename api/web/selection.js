/** What is selected in the reader, in the document's offsets. */
import { codePoints } from "./offsets.js";

/** @param {HTMLElement} host the reader's text
 * @returns {{start: number, end: number, words: number} | null} null for nothing, or white space
 */
export function selectedSpan(host) {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!host.contains(range.commonAncestorContainer)) return null;
  const touched = [...host.querySelectorAll("p[data-start]")].filter((one) => range.intersectsNode(one));
  const spans = touched.map((paragraph) => within(paragraph, range)).filter((one) => one.start < one.end);
  if (!spans.length) return null;
  return { start: spans[0].start, end: spans.at(-1).end, words: spans.reduce((sum, one) => sum + one.words, 0) };
}

/** The part of a paragraph that is selected, without white space at its ends. */
function within(paragraph, range) {
  const part = document.createRange();
  part.selectNodeContents(paragraph);
  const before = part.cloneRange();
  if (paragraph.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
  if (paragraph.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
  before.setEnd(part.startContainer, part.startOffset);
  const text = part.toString();
  const blank = text.length - text.trimStart().length;
  const start = Number(paragraph.dataset.start) + codePoints(before.toString()) + codePoints(text.slice(0, blank));
  const said = text.trim();
  return { start, end: start + codePoints(said), words: said ? said.split(/\s+/).length : 0 };
}
