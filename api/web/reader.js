/** The reader: a document beside the view, or by itself, opened at a place. */
import { announce } from "./announcements.js";
import { asking } from "./asking.js";
import { connection } from "./connection.js";
import { icon } from "./icons.js";
import { setShortcuts } from "./keyboard.js";
import { html, nothing, render } from "./lit.js";
import { close, focusWanted, here, open } from "./navigation.js";
import { notebook } from "./notebook_store.js";
import { originals } from "./originals.js";
import { hasOutline, outlinePanel } from "./outline.js";
import { preferences, prefer } from "./preferences.js";
import { readerBar } from "./reader_bar.js";
import { ReaderPages } from "./reader_pages.js";
import { ReaderText } from "./reader_text.js";
import { found, headings, isOpen, marks, pageOpen, read, reading } from "./reading.js";
import { selectedSpan } from "./selection.js";
import { aboutSource, isPdf, titleOf } from "./sources.js";
import { Store } from "./store.js";

const COVERS = matchMedia("(max-width: 59.99rem)");

let host = null;
/** @type {ReaderText | ReaderPages | null} */
let body = null;
let bodyKey = "";
/** @type {Element | null} what had the focus before the reader took it */
let before = null;
const outlineOpen = new Store(false);
const selection = new Store(null);
const trouble = new Store(null);

/** @param {HTMLElement} element @param {import("./address.js").Address} address */
export function showIn(element, address) {
  if (!host) start(element);
  return read(address.place);
}

function start(element) {
  host = element;
  for (const store of [reading, outlineOpen, selection, trouble, preferences, notebook, asking, here]) store.follow(paint);
  reading.follow(update);
  preferences.follow(update);
  asking.follow(() => body?.repaint());
  connection.follow((now) => now === "here" && trouble.value && again());
  document.addEventListener("selectionchange", select);
  COVERS.addEventListener("change", cover);
}

/** What changed decides what is made anew: the document, how it is shown, or only where it is opened. */
function update() {
  const { status, document, outline, place } = reading.value;
  if (status === "none") return leave();
  setShortcuts("Reader", keys());
  cover();
  if (status !== "open") return;
  const asPages = showsPages();
  const key = `${document.id} ${asPages}`;
  const anew = key !== bodyKey;
  if (anew) make(document, outline, asPages);
  bodyKey = key;
  body.repaint();
  const at = `${document.id} ${place.start}-${place.end}`;
  if (place.start !== null && (anew || at !== shown)) body.show(place.start, { smooth: !anew });
  if (!shown.startsWith(`${document.id} `)) announce(`Opened: ${titleOf(document)}`);
  if (at !== shown) arrive();
  shown = at;
}

/** The place that was brought into sight last. */
let shown = "";

function make(document, outline, asPages) {
  body?.leave();
  trouble.set(null);
  selection.set(null);
  const failed = (problem) => trouble.set(problem);
  const scrolled = host.querySelector(".reader-body");
  body = asPages ? new ReaderPages(scrolled, document, outline, marks, failed) : new ReaderText(scrolled, document, marks, headings, failed);
  scrolled.scrollTop = 0;
}

function leave() {
  body?.leave();
  body = null;
  [bodyKey, shown] = ["", ""];
  outlineOpen.set(false);
  cover();
  setShortcuts("Reader");
  if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  before = null;
}

/** By itself a document has the focus at once: else no key would scroll it. */
function arrive() {
  if (!focusWanted() && here.value.view !== "document") return;
  if (!host.contains(document.activeElement)) before = document.activeElement;
  host.querySelector(".reader-body").focus({ preventScroll: true });
}

/** Where the reader covers the rest, the rest is out of reach. */
function cover() {
  const covered = COVERS.matches && !host.hidden && reading.value.status !== "none";
  for (const element of document.querySelectorAll("#view, .top")) element.inert = covered;
}

function keys() {
  const beside = here.value.view !== "document";
  return [
    ...(beside ? [{ key: "Escape", does: "Close the reader", run: close }] : []),
    ...(here.value.view === "ask" ? [
      { key: "n", does: "Next passage found in it", run: () => step(1) },
      { key: "p", does: "Passage before", run: () => step(-1) },
    ] : []),
    ...(hasPages() ? [{ key: "t", does: "Text or pages", run: toggle }] : []),
  ];
}

function step(by) {
  const all = found();
  if (!all.length) return;
  const { place } = reading.value;
  const at = all.findIndex(isOpen);
  const next = at < 0 ? all.findIndex((one) => one.start > (place.start ?? 0)) : (at + by + all.length) % all.length;
  const { document, start, end } = all[next] ?? all[0];
  open({ document: document.id, start, end });
}

function hasPages() {
  const { document, outline } = reading.value;
  return Boolean(outline?.pages.length && document && isPdf(document));
}

function showsPages() {
  return hasPages() && preferences.value.pdf !== "text";
}

function toggle() {
  prefer({ pdf: showsPages() ? "text" : "pages" });
}

function select() {
  if (!body) return;
  const span = selectedSpan(body.body);
  if (span?.start !== selection.value?.start || span?.end !== selection.value?.end) selection.set(span);
}

function paint() {
  const { status, document, place, problem, outline } = reading.value;
  host.hidden = status === "none";
  if (status === "none") return;
  const marked = place.start === null ? null : place;
  render(html`<section class="reader" aria-busy=${status === "loading"}>
    <header class="reader-head">
      <div class="reader-title"><h2 dir="auto">${document ? titleOf(document) : status === "failed" ? "Not opened" : "Opening…"}</h2>
        ${document ? html`<p class="about">${aboutSource(document).map((one) => html`<span>${one}</span>`)}${originals(document, pageOpen())}</p>` : nothing}</div>
      <div class="reader-tools">${tools(outline)}
        <button class="plain icon" aria-label="Close" title="Close (Esc)" @click=${close}>${icon("close")}</button></div>
    </header>
    <div class="reader-middle">
      ${outlineOpen.value && hasOutline(outline) ? outlinePanel(outline, show) : nothing}
      ${status === "failed" || trouble.value ? wrong(problem ?? trouble.value) : nothing}
      <div class="reader-body" tabindex="0" role="region" aria-label="Document" ?hidden=${status === "failed"}></div>
    </div>
    ${status === "open" ? html`<footer class="reader-foot">${readerBar(document, selection.value ?? marked)}</footer>` : nothing}
  </section>`, host);
}

function tools(outline) {
  const all = found();
  const at = all.findIndex(isOpen);
  const outlined = hasOutline(outline);
  return html`
    ${all.length > 1 ? html`<div class="stepper" role="group" aria-label="Passages found in this document">
      <button class="plain icon" aria-label="Passage before" title="Passage before (p)" @click=${() => step(-1)}>${icon("previous")}</button>
      <span aria-live="polite">${at < 0 ? "–" : at + 1} of ${all.length}</span>
      <button class="plain icon" aria-label="Next passage" title="Next passage (n)" @click=${() => step(1)}>${icon("next")}</button></div>` : nothing}
    ${hasPages() ? html`<button class="plain" aria-pressed=${showsPages()} title="Text or pages (t)" @click=${toggle}>${icon("page")}<span>Pages</span></button>` : nothing}
    ${outlined ? html`<button class="plain icon" aria-label="Outline" title="Outline" aria-expanded=${outlineOpen.value}
      @click=${() => outlineOpen.set(!outlineOpen.value)}>${icon("outline")}</button>` : nothing}`;
}

function show(start) {
  body?.show(start);
  if (!COVERS.matches) return;
  outlineOpen.set(false);
  host.querySelector(".reader-body").focus({ preventScroll: true });
}

function again() {
  trouble.set(null);
  bodyKey = "";
  read(reading.value.place);
}

function wrong(problem) {
  return html`<div class="state" role="alert">${icon("warning")}<h2>${problem.title ?? "It cannot be shown"}</h2>
    <p>${problem.detail ?? problem.message}</p>${problem.remedy ? html`<p>${problem.remedy}</p>` : nothing}
    <p><button @click=${again}>Try again</button></p></div>`;
}
