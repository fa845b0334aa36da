/** The Notebook view: saved passages in the user's order, each with a note, to be taken along. */
import { state } from "./ask_states.js";
import { styleSelect } from "./citations.js";
import { collectedKeys, collectedRow } from "./collected.js";
import { copyAll, download, FORMATS } from "./exporting.js";
import { icon } from "./icons.js";
import { refreshFacts } from "./library_facts.js";
import { html, live, nothing, render, repeat } from "./lit.js";
import { here } from "./navigation.js";
import { closeOnEscape, closeOnLeaving } from "./panels.js";
import { keeping, keepMine, takeBoth, takeTheirs } from "./notebook_server.js";
import { notebook, notebookTitle, retitle } from "./notebook_store.js";
import { preferences } from "./preferences.js";
import { number } from "./sources.js";

let host;
/** @type {(() => void)[]} */
let followed = [];

/** @type {import("./views.js").View} */
export const view = {
  title: () => notebookTitle.value || "Notebook",
  enter(element) {
    host = element;
    followed = [notebook, notebookTitle, keeping, preferences, here].map((store) => store.follow(paint));
    paint();
    refreshFacts();
  },
  leave: () => followed.forEach((end) => end()),
  shortcuts: [...collectedKeys(() => host), { key: "C", does: "Copy all, with footnotes", run: () => notebook.value.length && copyAll(notebook.value, notebookTitle.value) }],
};

function paint() {
  if (here.value.view !== "notebook") return;
  const saved = notebook.value;
  render(html`<div class="view notebook">
    <header class="view-head"><div><h1 class="unseen">Notebook</h1>
      <input class="title-field" type="text" aria-label="Title of the notebook" placeholder="Notebook" maxlength="300" autocomplete="off"
        .value=${live(notebookTitle.value)} @input=${(event) => retitle(event.target.value)}>
      <p class="faint">${number(saved.length, "passage")} · ${whereKept()}</p></div>
      ${saved.length ? takeAlong(saved) : nothing}</header>
    ${keeping.value.state === "conflict" ? conflict() : nothing}
    ${saved.length ? html`<ol class="collected">${repeat(saved, (one) => `${one.document_id} ${one.start} ${one.end}`, (one, at) =>
      html`<li>${collectedRow(one, at, saved.length)}</li>`)}</ol>` : empty()}
  </div>`, host);
}

function whereKept() {
  const { state: now, problem } = keeping.value;
  if (now === "kept") return "kept in this browser and on the server";
  if (now === "keeping" || now === "asking") return "being kept on the server …";
  if (now === "conflict") return "kept in this browser; the server has another";
  if (now === "problem") return `kept in this browser; not on the server: ${problem.detail ?? problem.message}`;
  return "kept in this browser";
}

function takeAlong(saved) {
  const chosen = (format) => (event) => {
    event.target.closest("details").open = false;
    download(format, saved, notebookTitle.value);
  };
  return html`<div class="actions">${styleSelect()}
    <button class="plain" @click=${() => copyAll(saved, notebookTitle.value)}>${icon("cite")}Copy all</button>
    <details class="chip menu" @keydown=${closeOnEscape} @focusout=${closeOnLeaving}><summary>${icon("take")}Export</summary>
      <div class="panel">${Object.entries(FORMATS).map(([format, label]) => html`
        <button class="plain choice-button" @click=${chosen(format)}>${label}</button>`)}</div></details></div>`;
}

function conflict() {
  const { theirs } = keeping.value;
  return html`<section class="conflict" aria-labelledby="conflict"><h2 id="conflict">${icon("warning")}The server has another notebook</h2>
    <p>It was changed from elsewhere, and has ${number(theirs.passages.length, "passage")}; this browser has ${notebook.value.length}.
      Nothing is sent until you choose.</p>
    <div class="actions"><button class="primary" @click=${takeBoth}>Put both together</button>
      <button @click=${takeTheirs}>Take the server’s</button><button @click=${keepMine}>Keep this one</button></div></section>`;
}

function empty() {
  return state("notebook", "Nothing is saved yet", html`
    <p>Save passages from <a href="/">answers</a> (press <kbd>s</kbd>), from what you select in a document, or from a
      <a href="/verify">verified draft</a>. They stand here in your order, to be noted on and exported.</p>`);
}
