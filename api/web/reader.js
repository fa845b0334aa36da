/** The reader: a document beside the answers, or by itself. */

/** @param {HTMLElement} host @param {import("./address.js").Address} address */
export function showIn(host, address) {
  host.hidden = !address.place;
}
