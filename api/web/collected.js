/** One saved passage, and how it is moved: by drag, by buttons, by Alt and the arrows. */
import { readerAddress } from "./address.js";
import { announce, toast } from "./announcements.js";
import { placeOf, words } from "./answer_card.js";
import { copyCitation, copyQuote } from "./citations.js";
import { icon } from "./icons.js";
import { html, live, nothing } from "./lit.js";
import { here, open } from "./navigation.js";
import { notebook, remove, replaceAll } from "./notebook_store.js";
import { aboutSource, placeText, titleOf } from "./sources.js";

const DRAGGED = "application/x-quaere-place";

/** @param {import("./notebook_store.js").Saved} saved @param {number} at its place, from 0 @param {number} count of all */
export function collectedRow(saved, at, count) {
  const name = saved.citation ? titleOf(saved.citation.document) : (saved.source ?? "A document");
  return html`<article class="kept" tabindex="-1" data-at=${at} aria-label=${`${at + 1} of ${count}: ${name}`} @keydown=${(event) => byKeys(event, at)}
    @dragover=${over} @dragleave=${out} @drop=${(event) => dropped(event, at)}>
    <div class="row-tools">
      <span class="grip" draggable="true" title="Drag to move it" @dragstart=${(event) => drag(event, at)}>${icon("grip")}</span>
      <button class="plain icon" aria-label="Move up" title="Move up (Alt+↑)" ?disabled=${at === 0} @click=${(event) => moved(at, at - 1, event.currentTarget)}>${icon("previous")}</button>
      <button class="plain icon" aria-label="Move down" title="Move down (Alt+↓)" ?disabled=${at === count - 1} @click=${(event) => moved(at, at + 1, event.currentTarget)}>${icon("next")}</button>
      <button class="plain icon" aria-label="Remove" title="Remove (x)" @click=${() => takeOut(saved)}>${icon("remove")}</button></div>
    ${words({ ...saved, document: saved.citation?.document ?? {}, best_sentence: null })}
    ${source(saved, name)}
    <label class="note"><span class="unseen">Note to it</span><textarea rows="1" placeholder="Add a note" maxlength="20000"
      .value=${live(saved.note)} @input=${(event) => noted(at, event.target.value)}></textarea></label>
  </article>`;
}

function source(saved, name) {
  const { citation } = saved;
  const quoted = cited(saved);
  const place = placeOf(quoted);
  const about = citation ? [placeText(citation), ...aboutSource(citation.document)].filter(Boolean) : [];
  const opens = (event) => {
    event.preventDefault();
    open(place);
  };
  const reading = here.value.place?.document === place.document && here.value.place.start === place.start;
  return html`<p class="about"><span><a href=${readerAddress(place)} aria-current=${reading ? "true" : nothing} @click=${opens}>${name}</a></span>
      ${about.map((one) => html`<span>${one}</span>`)}</p>
    <div class="buttons"><button class="plain" @click=${() => open(place)}>${icon("open")}Open</button>
      <button class="plain" @click=${() => copyQuote(quoted)}>${icon("quote")}Copy quote</button>
      <button class="plain" @click=${() => copyCitation(quoted)}>${icon("cite")}Copy citation</button></div>`;
}

/** Of what another browser saved not all is known yet. */
function cited({ citation, document_id: id, start, end, quote }) {
  return citation ?? { document: { id }, start, end, quote };
}

/** The keys of the notebook. @param {() => HTMLElement} host */
export function collectedKeys(host) {
  const rows = () => [...host().querySelectorAll(".kept")];
  const at = () => rows().findIndex((one) => one.matches(":focus-within"));
  const move = (by) => rows()[Math.min(Math.max(at() + by, 0), rows().length - 1)]?.focus();
  const act = (run) => () => notebook.value[at()] && run(notebook.value[at()], rows()[at()]);
  return [
    { key: "j", does: "Next passage", run: () => move(1) },
    { key: "k", does: "Passage before", run: () => move(-1) },
    { key: "Alt+↑ ↓", does: "Move it up or down", run: () => {} },
    { key: "o", also: ["Enter"], does: "Open it in its document", run: act((one) => open(placeOf(cited(one)))) },
    { key: "n", does: "Write a note to it", run: act((_, row) => row.querySelector("textarea").focus()) },
    { key: "c", does: "Copy its citation", run: act((one) => copyCitation(cited(one))) },
    { key: "x", does: "Remove it, with undo", run: act(takeOut) },
  ];
}

function byKeys(event, at) {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by || !event.altKey) return;
  event.preventDefault();
  moved(at, at + by, document.activeElement);
}

/** Rows are moved, not drawn anew; the browser takes the focus from a row that it moves. */
function moved(from, to, focused) {
  const all = [...notebook.value];
  if (to < 0 || to >= all.length) return;
  all.splice(to, 0, ...all.splice(from, 1));
  replaceAll(all);
  if (focused) (focused.disabled ? focused.closest(".kept") : focused).focus();
  announce(`Moved to place ${to + 1} of ${all.length}.`);
}

function noted(at, note) {
  replaceAll(notebook.value.map((one, number) => (number === at ? { ...one, note } : one)));
}

function takeOut(saved) {
  const row = document.querySelector(`.kept[data-at="${notebook.value.indexOf(saved)}"]`);
  const neighbour = row?.closest("li").nextElementSibling ?? row?.closest("li").previousElementSibling;
  const next = neighbour?.querySelector(".kept");
  const back = remove(saved);
  (next ?? document.querySelector("main")).focus({ preventScroll: true });
  toast("Taken out of the notebook.", { action: { label: "Undo", run: back } });
}

function drag(event, at) {
  event.dataTransfer.setData(DRAGGED, `${at}`);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setDragImage(event.target.closest(".kept"), 0, 0);
}

function over(event) {
  if (!event.dataTransfer.types.includes(DRAGGED)) return;
  event.preventDefault();
  event.currentTarget.dataset.over = isBelow(event) ? "below" : "above";
}

function out(event) {
  if (!event.currentTarget.contains(event.relatedTarget)) delete event.currentTarget.dataset.over;
}

function dropped(event, at) {
  delete event.currentTarget.dataset.over;
  const given = event.dataTransfer.getData(DRAGGED);
  if (given === "") return;
  event.preventDefault();
  const from = Number(given);
  const before = isBelow(event) ? at + 1 : at;
  moved(from, from < before ? before - 1 : before);
}

function isBelow(event) {
  const { top, height } = event.currentTarget.getBoundingClientRect();
  return event.clientY > top + height / 2;
}
