/** The notebook on the server, where the key may write: kept there after every change, and told plainly
 * where another browser has changed it meanwhile.
 *
 * @typedef {{state: "off" | "asking" | "kept" | "keeping" | "conflict" | "problem", problem: any, theirs: any}} Keeping
 */
import { announce, toast } from "./announcements.js";
import { connection } from "./connection.js";
import { facts, refreshFacts } from "./library_facts.js";
import { go, here } from "./navigation.js";
import { notebook, notebookTitle, replaceAll, retitle } from "./notebook_store.js";
import { json, Problem, withQuery } from "./service.js";
import { titleOf } from "./sources.js";
import { Store } from "./store.js";

const NAME = "quaere.notebook.server";
const PAUSE_MILLISECONDS = 800;

/** Each key has its own: colleagues would otherwise write over one another's. */
function path() {
  const key = facts.value?.key?.toLowerCase().replace(/[^a-z0-9]/g, "-").slice(0, 59);
  return `/v1/notebooks/page${key ? `-${key}` : ""}`;
}

const NOTHING = { tag: null, sum: null };
/** No checksum: what stands there is not what is here. */
const DIFFERENT = "";
let held = NOTHING;

/** @type {Store<Keeping>} */
export const keeping = new Store({ state: "off", problem: null, theirs: null });

let timer = 0;
/** Whether what is here came from there just now. */
let taking = false;
/** One request at a time, each with the tag that the one before brought. */
let line = Promise.resolve();

/** Begins to keep it, as soon as it is known whether the key may write. */
export function startKeeping() {
  notebook.follow(changed);
  notebookTitle.follow(changed);
  connection.follow((now) => now === "here" && keeping.value.state === "problem" && compare());
  facts.follow(() => facts.value?.can_write && keeping.value.state === "off" && compare());
  keeping.follow(tellConflict);
  if (facts.value?.can_write) compare();
}

/** @param {Keeping["state"]} state @param {Partial<Keeping>} [why] */
function become(state, why = {}) {
  keeping.set({ state, problem: null, theirs: null, ...why });
}

/** Nothing is sent until the user has chosen: that must be seen from every view. */
function tellConflict({ state }) {
  if (state !== "conflict") return;
  const said = "The notebook on the server is another.";
  if (here.value.view === "notebook") announce(said, { urgent: true });
  else toast(said, { urgent: true, action: { label: "Show", run: () => go("/notebook") } });
}

/** Of two that differ, this browser's. */
export function keepMine() {
  remember(keeping.value.theirs?.tag ?? null, DIFFERENT);
  become("keeping");
  return inLine(put);
}

/** Of two that differ, the server's. */
export function takeTheirs() {
  const { theirs } = keeping.value;
  take(theirs);
  become("kept");
}

/** Both: the server's passages, then those of this browser that it lacks. */
export function takeBoth() {
  const { theirs } = keeping.value;
  const names = new Set(theirs.passages.map(nameOf));
  const mine = notebook.value.filter((one) => !names.has(nameOf(one)));
  take(theirs);
  replaceAll([...notebook.value, ...mine]);
  become("keeping");
  return inLine(put);
}

function compare() {
  become("asking");
  return inLine(async () => {
    const theirs = await got();
    if (!theirs) return notebook.value.length ? put() : become("kept");
    if (same(theirs)) remember(theirs.tag);
    else if (unchanged()) take(theirs);
    else if (theirs.tag === known().tag) return put();
    else return become("conflict", { theirs });
    become("kept");
  });
}

function changed() {
  if (!facts.value) refreshFacts(); // no view had to know yet whether the key may write
  if (taking || ["off", "asking", "conflict"].includes(keeping.value.state)) return;
  become("keeping");
  clearTimeout(timer);
  timer = setTimeout(() => inLine(put), PAUSE_MILLISECONDS);
}

async function got() {
  try {
    return await json(path());
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/** What is changed meanwhile is sent after it; until then it is not kept. */
async function put() {
  become("keeping");
  const sum = checksum();
  const seen = known().tag ? { "If-Match": `"${known().tag}"` } : { "If-None-Match": "*" };
  try {
    const content = { title: notebookTitle.value.trim(), passages: notebook.value.map(asKept) };
    const kept = await json(path(), { method: "PUT", json: content, headers: seen });
    remember(kept.tag, sum);
    if (sum === checksum()) become("kept");
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 412) throw error;
    const theirs = await got();
    if (theirs && !same(theirs)) return become("conflict", { theirs });
    remember(theirs?.tag ?? null); // another tab has kept it, or it was deleted there
    return put();
  }
}

function inLine(run) {
  line = line.then(run).catch((problem) => become("problem", { problem }));
  return line;
}

function take({ title, passages, tag }) {
  const here = new Map(notebook.value.map((one) => [nameOf(one), one]));
  taking = true;
  replaceAll(passages.map((one) => ({ saved: "", citation: here.get(nameOf(one))?.citation ?? null, ...one, note: one.note ?? "" })));
  retitle(title);
  taking = false;
  remember(tag);
  cite();
}

/** The server keeps words, not what is known of their sources: that is asked for anew. */
async function cite() {
  for (const { document_id: document, start, end } of notebook.value.filter((one) => !one.citation)) {
    const path = withQuery(`/v1/documents/${document}/citation`, { start, end });
    const citation = await json(path).catch(() => null); // its document may be gone; its words stay
    const now = (one) => (nameOf(one) === `${document} ${start} ${end}` ? { ...one, citation } : one);
    taking = true;
    replaceAll(notebook.value.map(now));
    taking = false;
  }
}

function asKept({ document_id, sha256, start, end, quote, note, citation, source }) {
  return { document_id, sha256, start, end, quote, note: note || null, source: citation ? titleOf(citation.document) : (source ?? null) };
}

function same({ title, passages }) {
  return title === notebookTitle.value.trim() && passages.map(told).join("\n") === notebook.value.map(told).join("\n");
}

function told(one) {
  return `${nameOf(one)} ${one.note ?? ""}`;
}

function nameOf({ document_id: document, start, end }) {
  return `${document} ${start} ${end}`;
}

/** What this browser has seen there last, and a checksum of what stood there; both outlive the visit,
 * as the notebook does.
 */
function known() {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "null") ?? NOTHING;
  } catch {
    return held;
  }
}

function remember(tag, sum = checksum()) {
  held = tag ? { tag, sum } : NOTHING;
  try {
    localStorage.setItem(NAME, JSON.stringify(held));
  } catch {
    // Storage may be forbidden: it holds until the page is left.
  }
}

/** Whether nothing was changed here since: then what is there may take its place. A browser that never
 * saw the server's has not changed it as long as it holds none.
 */
function unchanged() {
  const { sum } = known();
  return sum === null ? !notebook.value.length && !notebookTitle.value : sum === checksum();
}

function checksum() {
  const text = [notebookTitle.value, ...notebook.value.map(told)].join("\n");
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0;
  return sum;
}
