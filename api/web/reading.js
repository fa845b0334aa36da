/** The document that is open: what is known of it, its outline, and what was found in it.
 *
 * @typedef {{start: number, end: number, kind: "place" | "found" | "best"}} Mark
 * @typedef {{number: number, label: string | null, start: number}} Page
 * @typedef {{headings: {level: number, title: string, start: number}[], pages: Page[], slides: Page[]}} Outline
 * @typedef {{status: "none" | "loading" | "open" | "failed", document: any, outline: Outline | null,
 *   place: import("./address.js").Place | null, problem: any}} Reading
 */
import { asking } from "./asking.js";
import { connection } from "./connection.js";
import { Latest } from "./latest.js";
import { here } from "./navigation.js";
import { json } from "./service.js";
import { isPdf } from "./sources.js";
import { Store } from "./store.js";

/** @type {Reading} */
const NOTHING = { status: "none", document: null, outline: null, place: null, problem: null };

/** @type {Store<Reading>} */
export const reading = new Store(NOTHING);

const latest = new Latest();

/** Opens a place; null closes what is open. @param {import("./address.js").Place | null} place */
export async function read(place) {
  const { document, status } = reading.value;
  if (place === null) {
    latest.giveUp();
    return reading.set(NOTHING);
  }
  if (document?.id === place.document && status === "open") return reading.set({ ...reading.value, place });
  await load(place, latest.begin());
}

async function load(place, signal) {
  const path = `/v1/documents/${place.document}`;
  reading.set({ ...NOTHING, status: "loading", place });
  try {
    // Without an outline a document can be read all the same.
    const outlined = json(`${path}/outline`, { signal }).catch(() => null);
    const document = await json(path, { signal });
    // Only an outline says whether there are pages to show instead of the text.
    const early = isPdf(document) ? await outlined : null;
    if (signal.aborted) return;
    reading.set({ ...NOTHING, status: "open", place, document, outline: early });
    const outline = await outlined;
    if (!signal.aborted && !early) reading.set({ ...reading.value, outline });
  } catch (problem) {
    if (!signal.aborted) reading.set({ ...NOTHING, status: "failed", place, problem });
  }
}

connection.follow((now) => {
  if (now === "here" && reading.value.status === "failed") read(reading.value.place);
});

/** The page, counted from 1, on which the open place begins; null where there are none. */
export function pageOpen() {
  const { outline, place } = reading.value;
  return outline?.pages.findLast((one) => one.start <= (place.start ?? 0))?.number ?? null;
}

/** The passages of the answer that stand in the open document, in the text's order. */
export function found() {
  const { document } = reading.value;
  if (!document || here.value.view !== "ask" || !asking.value.answer) return [];
  const all = asking.value.answer.passages.flatMap((one) => [one.citation, ...one.also_at]);
  return all.filter((one) => one.document.id === document.id).sort((one, other) => one.start - other.start);
}

/** What is to be marked in the text. @returns {Mark[]} */
export function marks() {
  const { place } = reading.value;
  const passages = found();
  const marked = passages.map(({ start, end }) => ({ start, end, kind: isOpen({ start, end }) ? "place" : "found" }));
  const best = passages.flatMap((one) => (one.best_sentence ? [{ ...span(one.best_sentence), kind: "best" }] : []));
  const alone = place?.start !== null && place && !passages.some(isOpen) ? [{ ...span(place), kind: "place" }] : [];
  return [...marked, ...alone, ...best];
}

/** Headings, their levels below the document's title, by offsets. */
export function headings() {
  const all = reading.value.outline?.headings ?? [];
  const least = Math.min(...all.map((one) => one.level));
  return new Map(all.map((one) => [one.start, { title: one.title, level: Math.min(one.level - least + 3, 6) }]));
}

/** Whether words are those that are open. */
export function isOpen({ start, end }) {
  const { place } = reading.value;
  return place?.start === start && place.end === end;
}

function span({ start, end }) {
  return { start, end };
}
