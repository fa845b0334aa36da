/** What became of a quotation: its source, the words that differ, and what else is to be said. */
import { alsoAt, opening, placeOf, words } from "./answer_card.js";
import { readerAddress } from "./address.js";
import { copyCitation } from "./citations.js";
import { icon } from "./icons.js";
import { html, nothing } from "./lit.js";
import { isSaved } from "./notebook_store.js";
import { slice } from "./offsets.js";
import { contextWarning } from "./out_of_context.js";
import { toggleSaved } from "./saving.js";
import { aboutSource, placeText, titleOf } from "./sources.js";
import { VERDICTS } from "./verifying.js";

/** @param {any} quotation as the service verified it */
export function quotationDetails(quotation) {
  const { number, verdict, citation, changes, context, elsewhere } = quotation;
  const { label, picture, says } = VERDICTS[verdict];
  return html`<section class="details" data-verdict=${verdict} aria-label=${`Quotation ${number}: ${label}`}>
    <p class="verdict">${icon(picture)}<b>${label}</b> <span>${says}</span></p>
    ${verdict === "altered" && changes.length ? html`<p class="label">Word by word: <del>the source’s</del>, <ins>the draft’s</ins></p>
      <p class="diff" dir="auto">${difference(quotation)}</p>` : nothing}
    ${notes(quotation)}
    ${contextWarning(context)}
    ${citation ? source(citation, verdict) : nothing}
    ${alsoAt(elsewhere)}
  </section>`;
}

/** The quotation, with the source's words where the draft has others. */
function difference({ text, changes }) {
  let at = 0;
  const parts = changes.map((change) => {
    const before = slice(text, at, change.draft_start);
    at = change.draft_end;
    return html`${before}${changed(change)}`;
  });
  return html`${parts}${slice(text, at, Infinity)}`;
}

function changed({ draft, source }) {
  const left = source ? html`<del><span class="unseen">the source has </span>${source}</del>` : nothing;
  const put = draft ? html`<ins><span class="unseen">${source ? "the draft " : "the draft adds "}</span>${draft}</ins>` : nothing;
  const gap = source && draft ? " " : "";
  // Words that were dropped left no space behind.
  return html`${left}${gap}${put}${source && !draft ? html`<span class="unseen">, which the draft leaves out</span> ` : nothing}`;
}

function notes({ rules, omissions, insertions, attributions }) {
  const told = [
    ...(rules.length ? [{ text: `The same but for: ${rules.map((rule) => rule.replaceAll("-", " ")).join(", ")}.` }] : []),
    ...omissions.map((one) => ({ text: `The ellipsis leaves out ${one.omitted ? `“${one.omitted}”` : "nothing"}${honestly(one)}`, wrong: !one.honest })),
    ...insertions.map((one) => ({ text: `In brackets: “${one.inserted}”${one.replaced ? ` for “${one.replaced}”` : ""}${honestly(one)}`, wrong: !one.honest })),
    ...attributions.map(attribution),
  ];
  return told.length ? html`<ul class="notes">${told.map(({ text, wrong }) => html`<li ?data-wrong=${wrong}>
    ${icon(wrong ? "warning" : "verify")}<span>${wrong ? html`<span class="unseen">Attention: </span>` : nothing}${text}</span></li>`)}</ul>` : nothing;
}

function honestly({ honest, reason }) {
  return honest ? "." : `: not honest${reason ? `, it ${reason}` : ""}.`;
}

function attribution({ name, agrees, reason }) {
  const said = agrees === null ? "whether that is right cannot be told" : agrees ? "that agrees" : "that does not agree";
  return { text: `Attributed to ${name}: ${said}${reason ? ` (${reason})` : ""}.`, wrong: agrees === false };
}

function source(citation, verdict) {
  const place = placeOf(citation);
  const saved = isSaved({ ...place, document_id: place.document });
  const about = [placeText(citation), ...aboutSource(citation.document)].filter(Boolean);
  return html`<div class="source"><p class="label">${verdict === "not_found" ? "What comes nearest" : "The source"}</p>
    ${words(citation)}
    <p class="about"><span><a href=${readerAddress(place)} @click=${opening(citation)}>${titleOf(citation.document)}</a></span>${about.map((one) => html`<span>${one}</span>`)}</p>
    <div class="buttons"><button class="plain" @click=${opening(citation)}>${icon("open")}Open</button>
      <button class="plain" @click=${() => copyCitation(citation)}>${icon("cite")}Copy citation</button>
      <button class="plain" aria-pressed=${saved} @click=${() => toggleSaved(citation)}>
        ${icon("save")}${saved ? "Saved" : "Save"}</button></div></div>`;
}
