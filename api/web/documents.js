/** The library's documents, so many at a time, as the address asks for them. */
import { connection } from "./connection.js";
import { Latest } from "./latest.js";
import { Away, json, withQuery } from "./service.js";
import { Store } from "./store.js";

const AT_ONCE = 60;

/** Names of orders, and how the service is asked for them; the first is the usual one. */
export const ORDERS = {
  added: { label: "Added last", sort: "id", order: "descending" },
  newest: { label: "Newest first", sort: "date", order: "descending" },
  oldest: { label: "Oldest first", sort: "date", order: "ascending" },
  title: { label: "By title", sort: "title", order: "ascending" },
  file: { label: "By file", sort: "path", order: "ascending" },
};

/** @typedef {{q: string, sort: keyof typeof ORDERS, language: string}} Wanted */

/** @type {Store<{status: "loading" | "here" | "problem", documents: any[], next: string | null, problem: any}>} */
export const listing = new Store({ status: "loading", documents: [], next: null, problem: null });

const latest = new Latest();
/** @type {Wanted} */
let wanted;

/** @param {URLSearchParams} query @returns {Wanted} */
export function read(query) {
  const sort = query.get("sort") ?? "";
  return { q: query.get("q") ?? "", sort: sort in ORDERS ? sort : "added", language: query.get("language") ?? "" };
}

/** What the address holds of it. @param {Wanted} wanted */
export function written({ q, sort, language }) {
  const given = { q: q.trim(), sort: sort === "added" ? "" : sort, language };
  return new URLSearchParams(Object.entries(given).filter(([, value]) => value));
}

/** Lists what is wanted, from the first; what is shown stays until it is here. @param {Wanted} [other] */
export async function list(other = wanted) {
  wanted = other;
  await load(null, Math.min(1000, Math.max(AT_ONCE, listing.value.documents.length)));
}

export async function listMore() {
  await load(listing.value.next, AT_ONCE);
}

/** A document as it is now. */
export function replaceDocument(document) {
  const documents = listing.value.documents.map((one) => (one.id === document.id ? document : one));
  listing.set({ ...listing.value, documents });
}

async function load(cursor, limit) {
  const signal = latest.begin();
  const { sort, order } = ORDERS[wanted.sort];
  const query = { q: wanted.q || null, language: wanted.language || null, sort, order, limit, cursor };
  try {
    const found = await json(withQuery("/v1/documents", query), { signal });
    const documents = [...(cursor ? listing.value.documents : []), ...found.documents];
    listing.set({ status: "here", documents, next: found.next_cursor, problem: null });
  } catch (problem) {
    if (signal.aborted) return;
    // Without the service what is listed stays, as the shell says.
    const documents = problem instanceof Away ? listing.value.documents : [];
    listing.set({ status: "problem", documents, next: null, problem });
  }
}

connection.follow((now) => {
  if (now === "here" && listing.value.status === "problem") list();
});
