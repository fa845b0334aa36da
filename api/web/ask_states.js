/** What stands in the answers' place when there are none. */
import { readerAddress } from "./address.js";
import { askAgain, askedBefore } from "./asking.js";
import { filtered, written } from "./filters.js";
import { icon } from "./icons.js";
import { html, nothing } from "./lit.js";
import { dateText, number, titleOf } from "./sources.js";

/** Nothing was asked yet.
 * @param {import("./library_facts.js").Facts | null} facts @param {any[]} newest documents
 */
export function start(facts, newest) {
  if (facts && facts.documents === 0) return emptyLibrary(facts);
  const before = askedBefore();
  return html`<div class="start">
    <section><h2>How to ask</h2><ul class="hints">
      <li>In plain words, as you would ask a person.</li>
      <li>With “quotation marks” around words that must stand there as they are.</li>
      <li>Every answer is a passage of your documents, word for word, with its place.</li></ul></section>
    ${before.length ? html`<section><h2>Asked before</h2><ul>${before.slice(0, 5).map((one) => html`
      <li><a href=${`/?${written(one)}`}>${one.question}</a></li>`)}</ul></section>` : nothing}
    ${newest.length ? html`<section><h2>Newest sources</h2><ul>${newest.map((one) => html`
      <li><a href=${readerAddress({ document: one.id, start: null, end: null })}>${titleOf(one)}</a>
        ${one.date ? html`<span class="faint">${dateText(one.date)}</span>` : nothing}</li>`)}</ul></section>` : nothing}
  </div>`;
}

export function emptyLibrary(facts) {
  return state("library", "There is nothing to ask yet", html`
    <p>The library holds no documents. ${facts?.can_write === false ? "Who runs the service adds some:" : html`
      Drop files anywhere on the page, choose them in the <a href="/library">library</a>, or add a folder where the service runs:`}</p>
    <p><code>qa add FOLDER</code></p>`);
}

/** The service found nothing that it may show. @param {import("./asking.js").Asking} asking */
export function noAnswer({ answer, asked }, clear) {
  return state("ask", "No passage to show", html`
    <p>${answer.notice ?? "No passage of the library answers this."}</p>
    ${filtered(asked) ? html`<p><button @click=${clear}>Ask without filters</button></p>` : nothing}`);
}

/** @param {Problem | Error} problem @param {() => void} [again] */
export function failed(problem, again = askAgain) {
  if (problem.code === "library-empty" || problem.code === "library-missing") return emptyLibrary(null);
  const { detail = problem.message, remedy, title, status } = problem;
  return state("warning", detail, html`
    ${remedy ? html`<p>${remedy}</p>` : nothing}
    <p><button type="button" @click=${again}>Try again</button></p>
    ${title ? html`<p class="faint">${title} (${status})</p>` : nothing}`, "alert");
}

export function away() {
  return state("away", "The service is away", html`
    <p>Your question is kept and will be answered as soon as the service is back.</p>`);
}

/** Only where there is no answer before, which else stays until the next one comes. */
export function waiting() {
  return html`<div class="waiting" aria-hidden="true">${[0, 1].map(() => html`<div><i></i><i></i><i></i><i></i></div>`)}</div>`;
}

/** Of an answer: how many passages of how many documents. */
export function summary({ passages }) {
  const documents = new Set(passages.map((one) => one.citation.document.id)).size;
  return `${number(passages.length, "passage")} from ${number(documents, "document")}`;
}

/** A picture and some words where else much would stand. */
export function state(picture, title, content, role = "status") {
  return html`<div class="state" role=${role}>${icon(picture)}<h2>${title}</h2>${content}</div>`;
}
