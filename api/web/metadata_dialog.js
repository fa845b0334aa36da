/** What is known of a document, edited by hand. */
import { toast } from "./announcements.js";
import { openDialog } from "./dialogs.js";
import { html, nothing } from "./lit.js";
import { json } from "./service.js";
import { fileName } from "./sources.js";

/** Name, label, hint. */
const FIRST = [
  ["title", "Title"],
  ["author", "Author", "Family, Given; Family, Given"],
  ["publication", "Published in"],
  ["date", "Date", "2025-10-08, 2025-10 or 2025"],
  ["language", "Language", "en, vi, …"],
  ["url", "Web address", "https://…"],
];
const FURTHER = [
  ["type", "Kind of work", "article-journal, book, …"],
  ["publisher", "Publisher"], ["place", "Place"], ["volume", "Volume"], ["issue", "Issue"],
  ["pages", "Pages", "12-34"], ["edition", "Edition"], ["doi", "DOI"], ["isbn", "ISBN"],
];

/** @param {any} document @returns {Promise<any | undefined>} the document as it is now; undefined if nothing was saved */
export async function editMetadata(document) {
  const edited = await openDialog("What is known of it", (close) => html`
    <form class="stack metadata" @submit=${(event) => submit(event, document, close)}>
      <p class="faint">${fileName(document.path)}. An edit outlives changes of the file; an emptied field has what the file says.</p>
      <div class="fields">${FIRST.map((one) => field(one, document))}</div>
      <details ?open=${FURTHER.some(([name]) => document[name])}><summary>More for the bibliography</summary>
        <div class="fields">${FURTHER.map((one) => field(one, document))}</div></details>
      <p class="wrong" role="alert"></p>
      <div class="actions"><button class="primary">Save</button>
        <button type="button" class="plain" @click=${() => close()}>Cancel</button></div>
    </form>`);
  if (edited) toast("Saved.");
  return edited;
}

function field([name, label, hint], document) {
  return html`<label class="field">${label}
    <input type="text" name=${name} .value=${document[name] ?? ""} placeholder=${hint ?? nothing} autocomplete="off"
      maxlength="2000" ?autofocus=${name === "title"}></label>`;
}

async function submit(event, document, close) {
  event.preventDefault();
  const form = event.target;
  const edits = {};
  for (const [name, value] of new FormData(form)) {
    const now = `${value}`.trim();
    if (now !== (document[name] ?? "")) edits[name] = now || null;
  }
  if (!Object.keys(edits).length) return close();
  try {
    close(await json(`/v1/documents/${document.id}`, { method: "PATCH", json: edits }));
  } catch (error) {
    form.querySelector(".wrong").textContent = [error.detail ?? error.message, error.remedy].filter(Boolean).join(" ");
  }
}
