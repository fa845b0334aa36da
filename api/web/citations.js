/** Quotes and citations, to take along. */
import { copy } from "./clipboard.js";
import { html } from "./lit.js";
import { preferences, prefer } from "./preferences.js";
import { json, withQuery } from "./service.js";

/** As `qa.citing` names them. */
export const STYLES = {
  apa: "APA",
  mla: "MLA",
  "chicago-notes": "Chicago, notes",
  "chicago-author-date": "Chicago, author–date",
  harvard: "Harvard",
  ieee: "IEEE",
  nature: "Nature",
};

/** The citation of words, in the style that is preferred.
 * @param {{document: {id: number}, start: number, end: number}} citation
 * @returns {Promise<{style: string, in_text: string | null, text: string}>}
 */
export function formatted({ document, start, end }) {
  const style = preferences.value.style;
  return json(withQuery(`/v1/documents/${document.id}/citation/formatted`, { start, end, style }));
}

/** Copies the entry for the list of references. */
export function copyCitation(citation) {
  const text = formatted(citation).then((one) => one.text);
  return copy(text, `Citation copied (${STYLES[preferences.value.style]}).`);
}

/** Copies the words, in quotation marks, with the citation that stands in a text. */
export function copyQuote(citation) {
  const text = formatted(citation).then(({ in_text: inText, text: entry }) => quoted(citation.quote, inText ?? entry));
  return copy(text, "Quote copied, with its citation.");
}

/** @param {string} quote @param {string} cited @returns {string} */
export function quoted(quote, cited) {
  return `“${quote.trim()}” ${cited}`;
}

/** Chooses the style, for all of the page. */
export function styleSelect() {
  return html`<label class="style-select"><span class="unseen">Citation style</span>
    <select @change=${(event) => prefer({ style: event.target.value })}>
      ${Object.entries(STYLES).map(([name, label]) => html`
        <option value=${name} ?selected=${preferences.value.style === name}>${label}</option>`)}
    </select></label>`;
}
