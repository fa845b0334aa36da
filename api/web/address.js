/** What the browser's address says: which view, what is asked, what is open beside it. Pure.
 *
 * @typedef {{document: number, start: number | null, end: number | null}} Place
 *   A document, opened at words of it. Offsets are code points.
 * @typedef {{view: string, query: URLSearchParams, place: Place | null}} Address
 */

const PATHS = { "/": "ask", "/library": "library", "/notebook": "notebook", "/verify": "verify" };

/** @param {string} href @returns {Address} */
export function parsed(href) {
  const url = new URL(href, "http://page");
  const hash = new URLSearchParams(url.hash.slice(1));
  const alone = url.pathname.match(/^\/documents\/(\d+)$/);
  const document = Number(alone ? alone[1] : hash.get("document"));
  return {
    view: alone ? "document" : (PATHS[url.pathname] ?? "missing"),
    query: url.searchParams,
    place: document ? { document, ...span(hash.get("c")) } : null,
  };
}

/** @param {Address} address @returns {string} */
export function written({ view, query, place }) {
  const search = query.size ? `?${query}` : "";
  if (view === "document") return `/documents/${place.document}${search}${at(place, "#")}`;
  const path = Object.keys(PATHS).find((one) => PATHS[one] === view) ?? "/";
  return `${path}${search}${place ? `#document=${place.document}${at(place, "&")}` : ""}`;
}

/** The address of words in the reader by itself, as citations link to it. @param {Place} place */
export function readerAddress(place) {
  return written({ view: "document", query: new URLSearchParams(), place });
}

/** @param {Address} address @param {Place | null} place @returns {Address} */
export function withPlace(address, place) {
  return { ...address, place };
}

/** Whether two addresses ask the same of the same view. @param {Address} one @param {Address} other */
export function sameQuery(one, other) {
  return one.view === other.view && `${one.query}` === `${other.query}`;
}

function at({ start, end }, separator) {
  return start === null || end === null ? "" : `${separator}c=${start}-${end}`;
}

function span(written) {
  const found = /^(\d{1,15})-(\d{1,15})$/.exec(written ?? "");
  const [start, end] = found ? [Number(found[1]), Number(found[2])] : [null, null];
  return found && start < end ? { start, end } : { start: null, end: null };
}
