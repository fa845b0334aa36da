/** What can be taken along from the reader: the words selected, or else those that are open. */
import { copyCitation, copyQuote, styleSelect } from "./citations.js";
import { toast } from "./announcements.js";
import { icon } from "./icons.js";
import { html, nothing } from "./lit.js";
import { isSaved } from "./notebook_store.js";
import { toggleSaved } from "./saving.js";
import { json, withQuery } from "./service.js";
import { number } from "./sources.js";

/** @param {any} document @param {{start: number, end: number, words?: number} | null} span */
export function readerBar(document, span) {
  if (!span) return html`<p class="faint">Select words to copy them as a quote with its citation.</p>`;
  const { start, end, words } = span;
  const saved = isSaved({ document_id: document.id, start, end });
  const place = { document, start, end };
  // The selection would be gone by the time of the click.
  const hold = (event) => event.preventDefault();
  return html`<span class="what">${words ? html`Selected: ${number(words, "word")}` : "The marked passage"}</span>
    <div class="buttons" @pointerdown=${hold}>
      <button class="plain" @click=${() => copyQuote({ ...place, quote: cited(place).then((one) => one.quote) })}>${icon("quote")}Copy quote</button>
      <button class="plain" @click=${() => copyCitation(place)}>${icon("cite")}Copy citation</button>
      <button class="plain" aria-pressed=${saved} @click=${() => cited(place).then(toggleSaved, refused)}>${icon("save")}${saved ? "Saved" : "Save"}</button>
    </div>${words ? nothing : styleSelect()}`;
}

/** Words of a document as a citation. @returns {Promise<any>} */
function cited({ document, start, end }) {
  return json(withQuery(`/v1/documents/${document.id}/citation`, { start, end }));
}

function refused(problem) {
  toast(problem.detail ?? problem.message, { urgent: true });
}
