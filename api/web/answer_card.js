/** One passage of an answer, as a card. */
import { readerAddress } from "./address.js";
import { copyCitation, copyQuote } from "./citations.js";
import { explained } from "./explanation.js";
import { icon } from "./icons.js";
import { html, nothing } from "./lit.js";
import { open } from "./navigation.js";
import { isSaved } from "./notebook_store.js";
import { pieces } from "./offsets.js";
import { contextWarning } from "./out_of_context.js";
import { toggleSaved } from "./saving.js";
import { aboutSource, number, placeText, titleOf } from "./sources.js";
import { paragraphs } from "./text_parts.js";

/** Of the same words, shown at once; a footer stands in hundreds. */
const PLACES = 5;

/** @param {any} passage @param {{current: boolean, reading: boolean, select: () => void}} state */
export function card(passage, { current, reading, select }) {
  const { citation, rank } = passage;
  return html`<article class="card" id=${`answer-${rank}`} tabindex="-1" aria-labelledby=${`source-${rank}`}
    ?data-current=${current} ?data-reading=${reading} @focusin=${select}>
    ${sourceLine(citation, rank, reading)}
    ${words(citation)}
    ${contextWarning(passage.context)}
    ${alsoAt(passage.also_at)}
    ${buttons(citation)}
    ${explained(passage)}
  </article>`;
}

/** The words of a citation, by paragraphs; the sentence nearest to the question is marked. */
export function words({ quote, start, best_sentence: best, document }) {
  const marks = best ? [best] : [];
  const piece = ({ text, marks: over }) => (over.length ? html`<mark>${text}</mark>` : text);
  return html`<blockquote class="words" lang=${document.language ?? nothing}>${paragraphs({ start, text: quote }).map((one) =>
    html`<p dir="auto">${pieces(one.text, one.start, marks).map(piece)}</p>`)}</blockquote>`;
}

function sourceLine(citation, rank, reading) {
  const { document } = citation;
  const about = [placeText(citation), ...aboutSource(document)].filter(Boolean);
  return html`<header>
    <h2 id=${`source-${rank}`}><span class="rank"><span class="unseen">Passage </span>${rank}</span>
      <a dir="auto" href=${readerAddress(placeOf(citation))} title=${document.path} aria-current=${reading ? "true" : nothing}
        @click=${opening(citation)}>${titleOf(document)}</a></h2>
    <p class="about">${about.map((one) => html`<span>${one}</span>`)}</p>
  </header>`;
}

function buttons(citation) {
  const saved = isSaved({ document_id: citation.document.id, ...citation });
  return html`<div class="buttons">
    <button class="plain" @click=${opening(citation)}>${icon("open")}Open</button>
    <button class="plain" @click=${() => copyQuote(citation)}>${icon("quote")}Copy quote</button>
    <button class="plain" @click=${() => copyCitation(citation)}>${icon("cite")}Copy citation</button>
    <button class="plain" aria-pressed=${saved} @click=${() => toggleSaved(citation)}>${icon("save")}${saved ? "Saved" : "Save"}</button>
  </div>`;
}

/** Other places where the same words stand. @param {any[]} places citations */
export function alsoAt(places) {
  if (!places.length) return nothing;
  const further = places.slice(PLACES);
  return html`<div class="also"><span class="label">Also at</span><div>
    <ul>${places.slice(0, PLACES).map(otherPlace)}</ul>
    ${further.length ? html`<details><summary>${number(further.length, "more place")}</summary><ul>${further.map(otherPlace)}</ul></details>` : nothing}
  </div></div>`;
}

function otherPlace(citation) {
  return html`<li><a href=${readerAddress(placeOf(citation))} title=${citation.document.path}
    @click=${opening(citation)}>${titleOf(citation.document)}</a>
    <span class="faint">${[placeText(citation), ...aboutSource(citation.document)].filter(Boolean).join(" · ")}</span></li>`;
}

/** @returns {import("./address.js").Place} */
export function placeOf({ document, start, end }) {
  return { document: document.id, start, end };
}

/** A plain click opens beside the answers; any other does what the browser does with a link. */
export function opening(citation) {
  return (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(placeOf(citation));
  };
}
