/** Files sent to the library, and what has become of each; goes on whichever view is shown.
 *
 * @typedef {{number: number, name: string, state: "sending" | "queued" | "running" | "done" | "failed",
 *   job: any, file: File | null, problem: {message: string, remedy: string} | null}} Adding
 *   `job` is null until the service has the file
 */
import { announce, toast } from "./announcements.js";
import { isInsideFolder } from "./dropped_files.js";
import { follow } from "./job_events.js";
import { refreshFacts } from "./library_facts.js";
import { go, here } from "./navigation.js";
import { json, Problem } from "./service.js";
import { number } from "./sources.js";
import { Store } from "./store.js";

/** @type {Store<Adding[]>} */
export const adding = new Store([]);
/** Counts up when the library has changed by what was added here. */
export const changes = new Store(0);

let counted = 0;
/** Files are sent one after the other, and jobs followed so, as the service carries them out: every
 * stream takes one of the six connections that a browser has. */
let sending = Promise.resolve();
let following = Promise.resolve();

adding.follow((all) => {
  const change = all.some((one) => one.state === "sending") ? addEventListener : removeEventListener;
  change("beforeunload", hold);
});

/** What the service does not have yet is lost with the page: the browser asks whether to leave. */
function hold(event) {
  event.preventDefault();
}

/** @param {File[]} files */
export function addFiles(files) {
  const added = files.map((file) => ({ number: ++counted, name: file.name, state: "sending", job: null, file, problem: null }));
  if (!added.length) return;
  adding.set([...added, ...adding.value.filter((one) => one.state !== "done")]);
  tell(`Adding ${added.length === 1 ? `“${added[0].name}”` : number(added.length, "file")}.`);
  for (const one of added) sending = sending.then(() => send(one));
}

/** Brings the library in step with its folders. */
export async function sync() {
  const one = { number: ++counted, name: "The library’s folders", state: "queued", job: null, file: null, problem: null };
  adding.set([one, ...adding.value]);
  await send(one);
}

/** Tries again what has failed. @param {Adding} one */
export async function tryAgain(one) {
  changed(one, { state: one.job ? "queued" : "sending", problem: null });
  if (!one.job) return send(one);
  await begun(one, json(`/v1/jobs/${one.job.id}/retry`, { method: "POST" }));
}

/** Takes it off the list; of a file that could not be read the service deletes what it was sent. @param {Adding} one */
export async function dismiss(one) {
  adding.set(adding.value.filter((other) => other.number !== one.number));
  if (one.state !== "failed" || !one.job || !one.file) return;
  await json(`/v1/jobs/${one.job.id}/cancel`, { method: "POST" }).catch(() => {});
  changes.set(changes.value + 1);
}

/** In the library it is seen in the list. */
function tell(said, { urgent = false } = {}) {
  if (here.value.view === "library") announce(said, { urgent });
  else toast(said, { urgent, action: { label: "Show", run: () => go("/library") } });
}

async function send(one) {
  if (!one.file) return begun(one, json("/v1/sync", { method: "POST" }));
  const form = new FormData();
  form.append("file", one.file, one.name);
  return begun(one, json("/v1/documents", { body: form }));
}

async function begun(one, asked) {
  try {
    const job = await asked;
    changed(one, { job, state: job.state });
    following = following.then(() => followed(one, job.id));
  } catch (error) {
    // As `qa add FOLDER` passes over what it has no reader for.
    if (error.code === "format-unknown" && isInsideFolder(one.file)) dismiss(one);
    else failed(one, error);
  }
}

async function followed(one, id) {
  try {
    const job = await follow(id, (now) => changed(one, { job: now, state: now.state }));
    if (job.state === "failed") changed(one, { problem: job.problem });
    await ended(one, job);
  } catch (error) {
    failed(one, error);
  }
}

async function ended(one, job) {
  const failures = job.state === "done" ? job.result.failed : 1;
  const said = job.state === "done" ? `${one.name}: ${resultText(job.result)}.` : `${one.name} was not added.`;
  // Elsewhere a file that was added is no news, among many others least of all.
  if (failures > 0) tell(said, { urgent: true });
  else announce(said);
  await refreshFacts();
  changes.set(changes.value + 1);
}

/** What came of a job, in a few words. */
export function resultText({ document_id: document, added, changed: other, moved, removed, failed: wrong, passages }) {
  if (document !== null) return added || other ? number(passages, "passage") : "was there already";
  const counts = { added, changed: other, moved, removed, "not read": wrong };
  const told = Object.entries(counts).filter(([, count]) => count).map(([name, count]) => `${count} ${name}`);
  return told.join(", ") || "nothing had changed";
}

function failed(one, error) {
  const told = error instanceof Problem ? error.detail : "The service could not be reached.";
  changed(one, { state: "failed", problem: { message: told, remedy: error.remedy ?? "Try again when it is back." } });
  tell(`${one.name} was not added.`, { urgent: true });
}

function changed(one, changes) {
  Object.assign(one, changes);
  adding.set([...adding.value]);
}
