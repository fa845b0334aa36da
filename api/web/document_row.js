/** One document of the library, and the keys of the list. */
import { withPlace, written } from "./address.js";
import { replaceDocument } from "./documents.js";
import { icon } from "./icons.js";
import { facts } from "./library_facts.js";
import { html, nothing } from "./lit.js";
import { editMetadata } from "./metadata_dialog.js";
import { here } from "./navigation.js";
import { listing } from "./documents.js";
import { removeWithUndo } from "./removing.js";
import { aboutSource, languageName, number, titleOf } from "./sources.js";

/** @param {any} document @param {{canWrite: boolean, open: boolean}} state */
export function documentRow(document, { canWrite, open }) {
  const address = written(withPlace(here.value, { document: document.id, start: null, end: null }));
  const about = [...aboutSource(document), document.language && languageName(document.language), number(document.passages, "passage")];
  return html`<article class="document" data-document=${document.id} ?data-open=${open} aria-labelledby=${`document-${document.id}`}>
    <div><h2 id=${`document-${document.id}`}><a dir="auto" href=${address} title=${document.path} aria-current=${open ? "true" : nothing}>${titleOf(document)}</a></h2>
      <p class="about">${about.filter(Boolean).map((one) => html`<span>${one}</span>`)}</p>
      ${document.pages_without_text ? html`<p class="scanned">${icon("warning")}${number(document.pages_without_text, "page")}
        without text: scanned, so that nothing on ${document.pages_without_text === 1 ? "it" : "them"} is found.</p>` : nothing}</div>
    ${canWrite ? tools(document) : nothing}</article>`;
}

function tools(document) {
  const title = titleOf(document);
  return html`<div class="row-tools">
    <button class="plain icon" aria-label=${`Edit what is known of ${title}`} title="Edit what is known of it (e)" @click=${() => edit(document)}>${icon("edit")}</button>
    <button class="plain icon" aria-label=${`Remove ${title}`} title="Take out of the library (x); a file on disk stays" @click=${(event) => remove(document, event.currentTarget)}>${icon("remove")}</button></div>`;
}

/** The keys of a list of documents. @param {() => HTMLElement} host */
export function documentKeys(host) {
  const links = () => [...host().querySelectorAll(".document h2 a")];
  const row = () => host().querySelector(".document:focus-within");
  const at = () => links().findIndex((one) => row()?.contains(one));
  const move = (by) => {
    const all = links();
    const next = all[Math.min(Math.max(at() + by, 0), all.length - 1)];
    next?.focus();
  };
  const act = (run) => () => {
    const found = listing.value.documents.find((one) => `${one.id}` === row()?.dataset.document);
    // Until it is known who may, the service says it: a key pressed at once does what it is for.
    if (found && facts.value?.can_write !== false) run(found, row());
  };
  return [
    { key: "j", does: "Next document", run: () => move(1) },
    { key: "k", does: "Document before", run: () => move(-1) },
    { key: "o", does: "Open it beside the list", run: () => row()?.querySelector("h2 a").click() },
    { key: "e", does: "Edit what is known of it", run: act(edit) },
    { key: "x", does: "Remove it, with undo", run: act(remove) },
  ];
}

async function edit(document) {
  const now = await editMetadata(document);
  if (now) replaceDocument(now);
}

/** The focus goes on to a neighbour, else it would be lost with the row. */
function remove(document, inside) {
  const item = inside.closest("li");
  const neighbour = (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("h2 a");
  removeWithUndo(document);
  neighbour?.focus({ preventScroll: true });
}
