/** Quotes and citations, to take along. */
import { copy } from "./clipboard.js";
import { html, live } from "./lit.js";
import { preferences, prefer } from "./preferences.js";
import { json, withQuery } from "./service.js";

/** As `qa.citing` names them. */
const STYLES = {
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
function formatted({ document, start, end }) {
  const style = preferences.value.style;
  return json(withQuery(`/v1/documents/${document.id}/citation/formatted`, { start, end, style }));
}

/** Copies the entry for the list of references. */
export function copyCitation(citation) {
  const text = formatted(citation).then((one) => one.text);
  return copy(text, `Citation copied (${STYLES[preferences.value.style]}).`);
}

/** Copies the words, in quotation marks, with the citation that stands in a text. The quote may still be
 * on its way: copying has to begin right after the click.
 */
export function copyQuote(citation) {
  const text = Promise.all([citation.quote, formatted(citation)]).then(([quote, { in_text: inText, text: entry }]) =>
    `“${quote.trim()}” ${inText ?? entry}`);
  return copy(text, "Quote copied, with its citation.");
}

/** Chooses the style, for all of the page. */
export function styleSelect() {
  return html`<label class="style-select"><span class="unseen">Citation style</span>
    <select @change=${(event) => prefer({ style: event.target.value })}>
      ${Object.entries(STYLES).map(([name, label]) => html`
        <option value=${name} .selected=${live(preferences.value.style === name)}>${label}</option>`)}
    </select></label>`;
}
