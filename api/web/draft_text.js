/** A draft as it was written, its quotations marked; the one that is looked at unfolds below its paragraph. */
import { icon } from "./icons.js";
import { html, nothing } from "./lit.js";
import { codePoints, pieces } from "./offsets.js";
import { quotationDetails } from "./quotation_details.js";
import { set, VERDICTS, wanted } from "./verifying.js";

/** Characters in a line; verses are shorter. */
const WRAPPED_FROM = 60;

/** @param {import("./verifying.js").Verifying} state */
export function drawnDraft(state) {
  const quotations = wanted(state);
  return html`<div class="draft">${paragraphs(state.text).map((one) => paragraph(one, quotations, state.opened))}</div>`;
}

/** Lines up to a blank one, with their offsets in code points. */
function paragraphs(text) {
  let start = 0;
  return text.split(/(\r?\n[ \t]*(?:\r?\n[ \t]*)+)/).flatMap((words, number) => {
    const one = { text: words, start };
    start += codePoints(words);
    return number % 2 || !words ? [] : [{ ...one, end: start }];
  });
}

/** Whether its lines end where an editor broke them; those of verses and lists are meant. */
function isWrapped(text) {
  const lines = text.split("\n");
  return lines.some((line) => line.length >= WRAPPED_FROM) && !lines.some((line) => /^\s*(?:[>|*+-]|\d+[.)])\s/.test(line));
}

function paragraph({ text, start, end }, quotations, opened) {
  const details = quotations.find((one) => one.number === opened && one.end > start && one.end <= end);
  const heading = /^#{1,6} /.test(text);
  return html`<p dir="auto" ?data-heading=${heading} ?data-wrapped=${isWrapped(text)}>${pieces(text, start, quotations).map(piece(opened))}</p>
    ${details ? quotationDetails(details) : nothing}`;
}

/** Of quotations in quotations the innermost is meant. */
const piece = (opened) => ({ text, start, marks }) => {
  if (!marks.length) return text;
  const one = marks.reduce((inner, mark) => (mark.end - mark.start < inner.end - inner.start ? mark : inner));
  return marked(one, { text, first: start === one.start, last: start + codePoints(text) === one.end, open: one.number === opened });
};

function marked(one, { text, first, last, open }) {
  const { label, picture } = VERDICTS[one.verdict];
  const toggle = () => set({ opened: open ? null : one.number });
  const pressed = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    toggle();
  };
  const tag = last ? html`<span class="tag">\u00a0${icon(picture)}\u00a0${label}</span>` : nothing;
  if (!first) return html`<mark data-verdict=${one.verdict} ?data-open=${open} @click=${toggle}>${text}${tag}</mark>`;
  return html`<mark id=${`quotation-${one.number}`} role="button" tabindex="0" aria-expanded=${open} data-verdict=${one.verdict}
    ?data-open=${open} @click=${toggle} @keydown=${pressed}>${text}${tag}</mark>`;
}
