/** Documents taken out of the library, with some seconds in which that can be undone.
 *
 * The request is sent when the note with the way back goes, or when the page is left: what was
 * deleted on the service could not be brought back.
 */
import { toast } from "./announcements.js";
import { refreshFacts } from "./library_facts.js";
import { request } from "./service.js";
import { titleOf } from "./sources.js";
import { Store } from "./store.js";

/** Ids of documents that are out, or will be. @type {Store<Set<number>>} */
export const leaving = new Store(new Set());

/** Of these the request is still to be sent. */
const waiting = new Set();

/** @param {any} document */
export function removeWithUndo(document) {
  const { id } = document;
  if (leaving.value.has(id)) return;
  leaving.set(new Set([...leaving.value, id]));
  waiting.add(id);
  toast(`“${titleOf(document)}” leaves the library when this note goes.`, {
    action: { label: "Undo", run: () => comeBack(id) },
    gone: () => send(document),
  });
}

function comeBack(id) {
  waiting.delete(id);
  leaving.set(new Set([...leaving.value].filter((one) => one !== id)));
}

async function send(document) {
  if (!waiting.delete(document.id)) return;
  try {
    await asked(document.id);
    await refreshFacts();
  } catch (error) {
    comeBack(document.id);
    toast(`“${titleOf(document)}” was not removed: ${error.detail ?? error.message}`, { urgent: true });
  }
}

function asked(id) {
  return request(`/v1/documents/${id}`, { method: "DELETE", keepalive: true });
}

addEventListener("pagehide", () => {
  for (const id of waiting) asked(id).catch(() => {});
  waiting.clear();
});
