/** Passages put into the notebook and taken out, with a word about it and a way back. */
import { toast } from "./announcements.js";
import { isSaved, remove, save } from "./notebook_store.js";

/** @param {any} citation as the service gives it */
export function toggleSaved(citation) {
  const one = { document_id: citation.document.id, start: citation.start, end: citation.end };
  if (isSaved(one)) {
    const back = remove(one);
    toast("Taken out of the notebook.", { action: { label: "Undo", run: back } });
  } else if (save(citation)) toast("Saved in the notebook.");
  else toast("Saved for this visit; the browser keeps no more.", { urgent: true });
}
