/** What is selected in the reader, in the document's offsets. */
import { codePoints } from "./offsets.js";

/** @param {HTMLElement} host the reader's text, or pages
 * @returns {{start: number, end: number, words: number} | null} null for nothing, or white space
 */
export function selectedSpan(host) {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!host.contains(range.commonAncestorContainer)) return null;
  const touched = [...host.querySelectorAll("[data-start]")].filter((one) => range.intersectsNode(one));
  const spans = touched.map((run) => within(run, range)).filter((one) => one.start < one.end);
  if (!spans.length) return null;
  const broken = spans.filter((one, at) => one.start === spans[at - 1]?.end).length; // at ends of lines
  return { start: spans[0].start, end: spans.at(-1).end, words: spans.reduce((sum, one) => sum + one.words, -broken) };
}

/** The part of a paragraph, or of a word on a page, that is selected, without white space at its ends. */
function within(run, range) {
  const part = document.createRange();
  part.selectNodeContents(run);
  const before = part.cloneRange();
  if (run.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
  if (run.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
  before.setEnd(part.startContainer, part.startOffset);
  const text = part.toString();
  const blank = text.length - text.trimStart().length;
  const start = Number(run.dataset.start) + codePoints(before.toString()) + codePoints(text.slice(0, blank));
  const said = text.trim();
  return { start, end: start + codePoints(said), words: said ? said.split(/\s+/).length : 0 };
}
