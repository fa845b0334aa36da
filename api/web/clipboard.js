/** Words into the clipboard, also where the page is not served over HTTPS. */
import { toast } from "./announcements.js";

/** Copies a text that may have to be fetched first, and says what was copied.
 * @param {Promise<string> | string} text
 * @param {string} said such as "Citation copied."
 * @returns {Promise<boolean>}
 */
export async function copy(text, said) {
  try {
    await put(Promise.resolve(text));
    toast(said);
    return true;
  } catch (error) {
    toast(`Not copied: ${error.detail ?? error.message}`, { urgent: true });
    return false;
  }
}

async function put(text) {
  if (!navigator.clipboard) return putBySelection(await text);
  if (!globalThis.ClipboardItem) return navigator.clipboard.writeText(await text);
  // The promise goes in as it is: some browsers allow copying only right after the click.
  const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
  blob.catch(() => {}); // told below
  await text;
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}

function putBySelection(text) {
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "unseen" });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("the browser does not allow it");
}
