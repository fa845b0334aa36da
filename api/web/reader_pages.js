/** Pages of a PDF as pictures, with boxes around the words that are marked, and all words over them. */
import { html, nothing, render, svg } from "./lit.js";
import { bring } from "./motion.js";
import { fetchWords, wordsLayer } from "./page_words.js";
import { json, request, withQuery } from "./service.js";

const NEAR = "1200px";
/** Where in the window the marked words come to stand. */
const DOWN = 0.3;
/** In pixels; sharp on most screens at the width of the reader. */
const WIDTHS = { least: 400, most: 2000, step: 200 };

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

export class ReaderPages {
  /** @param {HTMLElement} host which scrolls @param {any} document
   * @param {import("./reading.js").Outline} outline @param {() => import("./reading.js").Mark[]} marks
   * @param {(problem: Error) => void} failed
   */
  constructor(host, document, outline, marks, failed) {
    Object.assign(this, { host, document, marks, failed, pages: outline.pages });
    this.leaving = new AbortController();
    /** @type {Map<string, Promise<Box[]>>} by address */
    this.known = new Map();
    this.body = Object.assign(globalThis.document.createElement("div"), { className: "pages" });
    this.sheets = outline.pages.map((page, at) => this.empty(page, outline.pages[at + 1]?.start ?? document.length));
    this.body.append(...this.sheets.map((one) => one.element));
    host.replaceChildren(this.body);
    this.watcher = new IntersectionObserver((seen) => seen.forEach((one) => this.seen(one)), { root: host, rootMargin: NEAR });
    this.sheets.forEach((one) => this.watcher.observe(one.element));
  }

  leave() {
    this.leaving.abort();
    this.watcher.disconnect();
    this.sheets.forEach((one) => this.drop(one));
  }

  repaint() {
    this.sheets.forEach((one) => one.picture && this.findBoxes(one));
  }

  /** Brings an offset's page into sight, the marked words if they are known. @param {number} offset @param {{smooth?: boolean}} [how] */
  async show(offset, { smooth = false } = {}) {
    const sheet = this.sheets.findLast((one) => one.page.start <= offset) ?? this.sheets[0];
    if (!sheet) return;
    const waits = !sheet.picture;
    if (waits) bring(this.host, sheet.element, 0, false);
    await this.fill(sheet);
    await this.findBoxes(sheet); // the page may have been there, with other words marked
    if (this.leaving.signal.aborted) return;
    if (waits && isFar(sheet.element, this.host)) return; // who has read on meanwhile is not called back
    const box = sheet.element.querySelector("rect[data-place]");
    bring(this.host, box ?? sheet.element, box ? DOWN : 0, smooth);
  }

  empty(page, end) {
    const element = globalThis.document.createElement("figure");
    element.className = "sheet";
    const sheet = { page, end, element, picture: "", marks: [], boxes: [], words: null, filling: null };
    this.paint(sheet);
    return sheet;
  }

  seen({ target, isIntersecting }) {
    const sheet = this.sheets.find((one) => one.element === target);
    if (isIntersecting) this.fill(sheet);
    else if (sheet.picture && !isSelected(sheet)) this.drop(sheet);
  }

  fill(sheet) {
    sheet.filling ??= this.draw(sheet);
    return sheet.filling;
  }

  async draw(sheet) {
    try {
      const over = Promise.all([this.findBoxes(sheet), this.findWords(sheet)]);
      const answer = await request(withQuery(`${this.path(sheet)}.png`, { width: this.width() }), { signal: this.leaving.signal });
      sheet.picture = URL.createObjectURL(await answer.blob());
      this.paint(sheet);
      await over;
    } catch (problem) {
      sheet.filling = null;
      if (!this.leaving.signal.aborted) this.failed(problem);
    }
  }

  drop(sheet) {
    if (sheet.picture) URL.revokeObjectURL(sheet.picture);
    Object.assign(sheet, { picture: "", words: null, filling: null });
    this.paint(sheet);
  }

  /** Asks for the page's words; without an answer none can be selected. */
  async findWords(sheet) {
    const span = { start: sheet.page.start, end: sheet.end };
    if (span.start === span.end) return; // a picture
    const { signal } = this.leaving;
    sheet.words = await fetchWords(this.document.id, sheet.page.number, span, signal).catch(() => null);
    if (!signal.aborted) this.paint(sheet);
  }

  /** Asks where on the page the marked words stand; without an answer the page is shown unmarked. */
  async findBoxes(sheet) {
    const marks = this.marks().filter((mark) => mark.start < sheet.end && mark.end > sheet.page.start);
    sheet.marks = marks;
    const found = await Promise.allSettled(marks.map((mark) => this.boxes(sheet, mark)));
    if (sheet.marks !== marks || this.leaving.signal.aborted) return; // others are marked by now
    sheet.boxes = marks.flatMap(({ kind }, at) => (found[at].value ?? []).map((box) => ({ ...box, kind })));
    this.paint(sheet);
  }

  /** The same words are marked again and again, each time as something else. @returns {Promise<Box[]>} */
  boxes(sheet, { start, end }) {
    const path = withQuery(`${this.path(sheet)}/boxes`, { start, end });
    if (!this.known.has(path)) {
      const asked = json(path, { signal: this.leaving.signal }).then(({ boxes }) => boxes);
      this.known.set(path, asked);
      asked.catch(() => this.known.delete(path));
    }
    return this.known.get(path);
  }

  path(sheet) {
    return `/v1/documents/${this.document.id}/pages/${sheet.page.number}`;
  }

  width() {
    const wanted = this.host.clientWidth * Math.min(devicePixelRatio, 2);
    return Math.min(Math.max(Math.ceil(wanted / WIDTHS.step) * WIDTHS.step, WIDTHS.least), WIDTHS.most);
  }

  paint({ page, picture, boxes, words, element }) {
    const name = `Page ${page.label || page.number}`;
    render(html`<div class="paper">${picture ? html`<img src=${picture} alt=${name} @load=${shaped}>` : nothing}
      ${picture && boxes.length ? svg`<svg viewBox="0 0 1 1" preserveAspectRatio="none" role="img"
        aria-label="The marked words">${boxes.map(box)}</svg>` : nothing}
      ${picture && words ? wordsLayer(words) : nothing}</div>
      <figcaption>${name}</figcaption>`, element);
  }
}

function isSelected({ element }) {
  const selection = getSelection();
  return !selection.isCollapsed && selection.containsNode(element, true);
}

/** By a window's height: pages that come above it may move it, too, where the browser does not hold it in place. */
function isFar(element, host) {
  const [one, window] = [element.getBoundingClientRect(), host.getBoundingClientRect()];
  return one.bottom < window.top - window.height || one.top > window.bottom + window.height;
}

/** A page keeps its shape when its picture goes, so that nothing moves. */
function shaped({ target }) {
  target.parentElement.style.aspectRatio = `${target.naturalWidth} / ${target.naturalHeight}`;
}

function box({ left, top, right, bottom, kind }) {
  return svg`<rect x=${left} y=${top} width=${right - left} height=${bottom - top} ?data-place=${kind === "place"}
    ?data-best=${kind === "best"}></rect>`;
}
