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
  const written = navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  // Where there is no text, why there is none says more than that it was not written.
  for (const one of [blob, written]) one.catch(() => {});
  await text;
  return written;
}

/** Focus and selection are as before, afterwards. */
function putBySelection(text) {
  const [focused, selection] = [document.activeElement, getSelection()];
  const range = selection.rangeCount ? selection.getRangeAt(0) : null;
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "unseen" });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  if (range) selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  if (!done) throw new Error("the browser does not allow it");
}
