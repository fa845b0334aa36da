/** Pages of a PDF as pictures, with boxes around the words that are marked. */
import { html, nothing, render, svg } from "./lit.js";
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

  /** Brings an offset's page into sight, the marked words if they are known. @param {number} offset */
  async show(offset, { smooth = false } = {}) {
    const sheet = this.sheets.findLast((one) => one.page.start <= offset) ?? this.sheets[0];
    if (!sheet) return;
    const to = (element, down) => {
      const top = element.getBoundingClientRect().top - this.host.getBoundingClientRect().top + this.host.scrollTop;
      this.host.scrollTo({ top: top - this.host.clientHeight * down, behavior: smooth ? "smooth" : "instant" });
    };
    to(sheet.element, 0);
    await this.fill(sheet);
    if (this.leaving.signal.aborted) return;
    const box = sheet.element.querySelector("rect[data-place]");
    to(box ?? sheet.element, box ? DOWN : 0);
  }

  empty(page, end) {
    const element = globalThis.document.createElement("figure");
    element.className = "sheet";
    const sheet = { page, end, element, picture: "", boxes: [], filling: null };
    this.paint(sheet);
    return sheet;
  }

  seen({ target, isIntersecting }) {
    const sheet = this.sheets.find((one) => one.element === target);
    if (isIntersecting) this.fill(sheet);
    else if (sheet.picture) this.drop(sheet);
  }

  fill(sheet) {
    sheet.filling ??= this.draw(sheet);
    return sheet.filling;
  }

  async draw(sheet) {
    try {
      const boxes = this.findBoxes(sheet);
      const answer = await request(withQuery(`${this.path(sheet)}.png`, { width: this.width() }), { signal: this.leaving.signal });
      sheet.picture = URL.createObjectURL(await answer.blob());
      this.paint(sheet);
      await boxes;
    } catch (problem) {
      sheet.filling = null;
      if (!this.leaving.signal.aborted) this.failed(problem);
    }
  }

  drop(sheet) {
    if (sheet.picture) URL.revokeObjectURL(sheet.picture);
    Object.assign(sheet, { picture: "", filling: null });
    this.paint(sheet);
  }

  /** Asks where on the page the marked words stand; without an answer the page is shown unmarked. */
  async findBoxes(sheet) {
    const here = this.marks().filter((mark) => mark.start < sheet.end && mark.end > sheet.page.start);
    const found = here.map(async ({ start, end, kind }) => {
      const { boxes } = await json(withQuery(`${this.path(sheet)}/boxes`, { start, end }), { signal: this.leaving.signal });
      return boxes.map((box) => ({ ...box, kind }));
    });
    sheet.boxes = (await Promise.allSettled(found)).flatMap((one) => one.value ?? []);
    if (!this.leaving.signal.aborted) this.paint(sheet);
  }

  path(sheet) {
    return `/v1/documents/${this.document.id}/pages/${sheet.page.number}`;
  }

  width() {
    const wanted = this.host.clientWidth * Math.min(devicePixelRatio, 2);
    return Math.min(Math.max(Math.ceil(wanted / WIDTHS.step) * WIDTHS.step, WIDTHS.least), WIDTHS.most);
  }

  paint({ page, picture, boxes, element }) {
    const name = `Page ${page.label || page.number}`;
    render(html`<div class="paper">${picture ? html`<img src=${picture} alt=${name}>` : nothing}
      ${picture && boxes.length ? svg`<svg viewBox="0 0 1 1" preserveAspectRatio="none" role="img"
        aria-label="The marked words">${boxes.map(box)}</svg>` : nothing}</div>
      <figcaption>${name}</figcaption>`, element);
  }
}

function box({ left, top, right, bottom, kind }) {
  return svg`<rect x=${left} y=${top} width=${right - left} height=${bottom - top} ?data-place=${kind === "place"}
    ?data-best=${kind === "best"}></rect>`;
}
