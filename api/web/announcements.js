/** What happened, told: to screen readers, and in short notes at the page's foot. */
import { html, nothing, render, repeat } from "./lit.js";

const SHOWN_SECONDS = 5;
/** Long enough to read the note and reach its button. */
const SHOWN_WITH_ACTION_SECONDS = 10;

/** @typedef {{label: string, run: () => void}} Action */

let polite, urgent, notes;
let shown = [];
let counted = 0;

/** Makes the regions; once. @param {HTMLElement} host */
export function startAnnouncements(host) {
  const region = (attributes) => Object.assign(document.createElement("div"), attributes);
  polite = region({ className: "unseen", role: "status", ariaLive: "polite" });
  urgent = region({ className: "unseen", role: "alert" });
  notes = region({ className: "toasts" });
  host.append(polite, urgent, notes);
}

/** Tells screen readers; nothing is seen. @param {string} text @param {{urgent?: boolean}} [how] */
export function announce(text, how = {}) {
  const region = how.urgent ? urgent : polite;
  if (!region) return;
  region.textContent = "";
  // The same words twice are told twice only if the region was empty in between.
  setTimeout(() => (region.textContent = text), 50);
}

/** Shows a note for some seconds, and tells it to screen readers.
 * @param {string} text
 * @param {{action?: Action, urgent?: boolean, gone?: () => void}} [how] `gone` is called when the note
 *   goes and its action was not taken
 */
export function toast(text, { action, urgent: pressing = false, gone } = {}) {
  const note = { id: ++counted, text, action, pressing, timer: 0 };
  const takeAway = () => {
    clearTimeout(note.timer);
    if (!shown.includes(note)) return;
    shown = shown.filter((one) => one !== note);
    paint();
    if (!note.acted) gone?.();
  };
  note.takeAway = takeAway;
  note.wait = () => {
    clearTimeout(note.timer);
    note.timer = setTimeout(takeAway, 1000 * (action ? SHOWN_WITH_ACTION_SECONDS : SHOWN_SECONDS));
  };
  shown.filter((one) => one.text === text && !one.action).forEach((one) => one.takeAway());
  shown.slice(0, -2).forEach((one) => one.takeAway());
  shown = [...shown, note];
  note.wait();
  paint();
  announce(text, { urgent: pressing });
}

/** Does what the newest note offers, if one is shown that offers something. */
export function actOnNewest() {
  const note = shown.findLast((one) => one.action);
  if (note) act(note);
}

function act(note) {
  note.acted = true;
  note.takeAway();
  note.action.run();
}

function paint() {
  render(repeat(shown, (note) => note.id, drawn), notes);
}

function drawn(note) {
  const stay = () => clearTimeout(note.timer);
  const button = note.action ? html`<button class="plain" title="Press u" @click=${() => act(note)}>${note.action.label}</button>` : nothing;
  return html`<div class="toast" ?data-urgent=${note.pressing} @pointerenter=${stay} @pointerleave=${note.wait}
    @focusin=${stay} @focusout=${note.wait}><span>${note.text}</span>${button}</div>`;
}
