/** What is being added, drawn. */
import { adding, dismiss, resultText, tryAgain } from "./adding.js";
import { icon } from "./icons.js";
import { html, nothing, repeat } from "./lit.js";
import { number } from "./sources.js";

const STATES = { sending: "Sending", queued: "Waiting", running: "Reading", done: "Added", failed: "Not added", cancelled: "Cancelled" };

export function addingSection() {
  if (!adding.value.length) return nothing;
  return html`<section class="adding" aria-label="Being added">
    <ul>${repeat(adding.value, (one) => one.number, row)}</ul></section>`;
}

function row(one) {
  const ended = one.state === "done" || one.state === "failed" || one.state === "cancelled";
  return html`<li data-state=${one.state}>
    ${icon(one.state === "done" ? "verify" : one.state === "failed" ? "warning" : one.file ? "page" : "sync")}
    <div><p class="name">${one.name}</p>
      <p class="faint">${STATES[one.state]}${progressText(one)}</p>
      ${one.problem ? html`<p>${one.problem.message} <span class="remedy">${one.problem.remedy}</span></p>` : nothing}
      ${ended ? nothing : bar(one)}</div>
    ${one.state === "failed" ? html`<button class="plain" @click=${() => tryAgain(one)}>Try again</button>` : nothing}
    ${ended ? html`<button class="plain icon" aria-label=${`Dismiss ${one.name}`} @click=${() => dismiss(one)}>${icon("close")}</button>` : nothing}
  </li>`;
}

function progressText({ state, job }) {
  if (state === "done") return ` · ${resultText(job.result)}`;
  if (state !== "running") return "";
  const { files_done: done, files_total: total, passages } = job.progress;
  return `${total > 1 ? ` · ${done} of ${total} files` : ""}${passages ? ` · ${number(passages, "passage")}` : ""}`;
}

function bar({ name, job }) {
  const { files_done: done, files_total: total } = job?.progress ?? { files_done: 0, files_total: 0 };
  return html`<progress aria-label=${`Progress of ${name}`} max=${Math.max(total, 1)} value=${total > 1 ? done : nothing}></progress>`;
}
