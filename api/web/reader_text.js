/** A document's text on the screen: only the parts near what is seen are there, however long it is. */
import { html, nothing, render } from "./lit.js";
import { bring } from "./motion.js";
import { pieces } from "./offsets.js";
import { fetchPart, paragraphs, PART, partAt, partsOf } from "./text_parts.js";

/** Parts as near as this to what is seen are made ready. */
const NEAR = "1500px";
/** Up to this length all that was seen stays, so that the browser's own search finds it. */
const KEPT_LENGTH = 400_000;
/** A guess at a part's height before it is there: characters on a line, pixels of a line. */
const GUESS = { characters: 62, line: 28, gaps: 1.3 };
/** Where in the window an opened place comes to stand. */
const DOWN = 0.22;

export class ReaderText {
  /** @param {HTMLElement} host which scrolls @param {any} document @param {() => import("./reading.js").Mark[]} marks
   * @param {() => Map<number, {level: number, title: string}>} headings by offsets
   * @param {(problem: Error) => void} failed
   */
  constructor(host, document, marks, headings, failed) {
    Object.assign(this, { host, document, marks, headings, failed });
    this.leaving = new AbortController();
    /** @type {Map<number, Promise<{start: number, text: string}>>} */
    this.fetched = new Map();
    this.body = Object.assign(globalThis.document.createElement("div"), { className: "text" });
    if (document.language) this.body.lang = document.language;
    this.parts = Array.from({ length: partsOf(document.length) }, (_, number) => this.empty(number));
    this.body.append(...this.parts.map((one) => one.element));
    host.replaceChildren(this.body);
    this.watcher = new IntersectionObserver((seen) => seen.forEach((one) => this.seen(one)), { root: host, rootMargin: NEAR });
    this.parts.forEach((one) => this.watcher.observe(one.element));
  }

  leave() {
    this.leaving.abort();
    this.watcher.disconnect();
  }

  /** Marks have changed. */
  repaint() {
    this.parts.forEach((one) => one.text && this.paint(one));
  }

  /** Brings an offset into sight. @param {number} offset @param {{smooth?: boolean}} [how] */
  async show(offset, { smooth = false } = {}) {
    let number = partAt(offset, this.document.length);
    let one = await this.fill(this.parts[number]);
    if (one?.text && offset < one.text.start && number > 0) one = await this.fill(this.parts[--number]);
    if (!one?.text) return;
    bring(this.host, this.elementAt(one, offset), DOWN, smooth);
  }

  empty(number) {
    const element = globalThis.document.createElement("div");
    const characters = Math.min(PART, this.document.length - number * PART);
    element.className = "part";
    element.style.height = `${Math.ceil((characters / GUESS.characters) * GUESS.line * GUESS.gaps)}px`;
    return { number, element, text: null };
  }

  seen({ target, isIntersecting }) {
    const one = this.parts.find((part) => part.element === target);
    if (isIntersecting) this.fill(one);
    else if (one.text && this.document.length > KEPT_LENGTH) this.drop(one);
  }

  async fill(one) {
    try {
      const text = await this.fetch(one.number);
      if (this.leaving.signal.aborted) return null;
      if (!one.text) {
        one.text = text;
        one.element.style.height = "";
        this.paint(one);
      }
      return one;
    } catch (problem) {
      this.fetched.delete(one.number);
      if (!this.leaving.signal.aborted) this.failed(problem);
      return null;
    }
  }

  /** Its height stays, so that nothing moves. */
  drop(one) {
    one.element.style.height = `${one.element.offsetHeight}px`;
    one.text = null;
    render(nothing, one.element);
  }

  fetch(number) {
    if (!this.fetched.has(number)) {
      this.fetched.set(number, fetchPart(this.document.id, number, this.document.length, this.leaving.signal));
    }
    return this.fetched.get(number);
  }

  paint(one) {
    const [marks, headings] = [this.marks(), this.headings()];
    render(paragraphs(one.text).map(({ start, text }) => {
      const level = levelOf(headings.get(start), text);
      return html`<p dir="auto" data-start=${start} role=${level === nothing ? nothing : "heading"}
        aria-level=${level}>${pieces(text, start, marks).map(piece)}</p>`;
    }), one.element);
  }

  elementAt(one, offset) {
    const all = [...one.element.querySelectorAll("[data-at], p[data-start]")];
    const at = (element) => Number(element.dataset.at ?? element.dataset.start);
    return all.filter((element) => at(element) <= offset).pop() ?? one.element;
  }
}

/** A PDF's outline names pages; what begins there is a heading only if it says so. */
function levelOf(heading, text) {
  const said = (words) => words.replace(/\s+/g, " ").trim();
  return heading && said(heading.title) === said(text) ? heading.level : nothing;
}

function piece({ text, start, marks }) {
  if (!marks.length) return text;
  const has = (kind) => marks.some((mark) => mark.kind === kind);
  return html`<mark data-at=${start} ?data-place=${has("place")} ?data-best=${has("best")}>${text}</mark>`;
}
