/** A document's own file, and its address on the web. */
import { apiKey } from "./api_key.js";
import { save } from "./exporting.js";
import { html, nothing } from "./lit.js";
import { request } from "./service.js";
import { isPdf } from "./sources.js";

/** Both links, for the line below a title.
 * @param {any} document @param {number | null} page of a PDF, counted from 1
 */
export function originals(document, page) {
  const path = `/v1/documents/${document.id}/original`;
  const at = page && isPdf(document) ? `#page=${page}` : ""; // RFC 8118, section 3
  // A browser sends no key with what a link leads to.
  const keyed = (event) => {
    if (!apiKey()) return;
    event.preventDefault();
    save(request(path));
  };
  return html`<span><a href=${path + at} target="_blank" @click=${keyed}>Original file</a></span>
    ${onTheWeb(document.url) ? html`<span><a href=${document.url} target="_blank" rel="noreferrer">Web address</a></span>` : nothing}`;
}

/** Files say of themselves where they come from: an address may be anything. */
function onTheWeb(address) {
  return /^https?:\/\//i.test(address ?? "");
}
