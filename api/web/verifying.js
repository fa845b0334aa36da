/** A draft and what became of its quotations; stays while other views are shown.
 *
 * @typedef {"exact" | "normalised" | "altered" | "not_found"} Verdict
 * @typedef {{status: "writing" | "verifying" | "verified", text: string, format: "markdown" | "text",
 *   name: string, report: any, problem: any, only: Verdict | null, opened: number | null}} Verifying
 *   `only` filters by verdict; `opened` is the number of the quotation that is looked at
 */
import { announce, toast } from "./announcements.js";
import { Latest } from "./latest.js";
import { json } from "./service.js";
import { number } from "./sources.js";
import { Store } from "./store.js";

/** Name, picture, and what it says, from best to worst. */
export const VERDICTS = {
  exact: { label: "Exact", picture: "verify", says: "Every character stands in the source." },
  normalised: { label: "Differs in typography", picture: "like", says: "The same words in the same order; only quotation marks, dashes, spaces or the like differ." },
  altered: { label: "Altered", picture: "unlike", says: "Words are changed, missing, added or moved." },
  not_found: { label: "Not found", picture: "question", says: "No source holds anything like it." },
};

const WRITING = { status: "writing", report: null, problem: null, only: null, opened: null };
const PLAIN = [".txt", ".text"];
const MARKDOWN = [".md", ".markdown"];
const UTF_8 = new TextDecoder("utf-8", { fatal: true });

const NAME = "quaere.draft";

/** @type {Store<Verifying>} */
export const verifying = new Store({ ...WRITING, text: "", format: "markdown", name: "", ...kept() });

/** The draft of this tab, when the page is loaded again. */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? "{}");
  } catch {
    return {};
  }
}

addEventListener("pagehide", () => {
  const { text, format, name } = verifying.value;
  try {
    sessionStorage.setItem(NAME, JSON.stringify({ text, format, name }));
  } catch {
    // Storage may be forbidden, or the draft too long for it.
  }
});

const latest = new Latest();

/** @param {Partial<Verifying>} changes */
export function set(changes) {
  verifying.set({ ...verifying.value, ...changes });
}

/** Back to the draft, to write on. */
export function edit() {
  latest.giveUp();
  set(WRITING);
}

/** Holds every quotation of the draft against the library. */
export async function verify() {
  const { text, format } = verifying.value;
  if (!text.trim()) return;
  const signal = latest.begin();
  set({ status: "verifying", problem: null });
  try {
    const report = await json("/v1/verify", { json: { text, format }, signal });
    set({ status: "verified", report, only: null, opened: null });
    announce(countsText(report.quotations));
  } catch (problem) {
    if (signal.aborted) return;
    set({ ...WRITING, problem });
  }
}

/** Takes a file in as the draft, and verifies it. @param {File} file */
export async function takeFile(file) {
  const signal = latest.begin();
  set({ ...WRITING, status: "verifying" });
  try {
    const draft = await draftOf(file, signal);
    if (signal.aborted) return;
    set({ ...draft, name: file.name });
  } catch (error) {
    if (signal.aborted) return;
    set(WRITING);
    return toast(`${file.name} was not read: ${error.detail ?? error.message}`, { urgent: true });
  }
  return verify();
}

/** Text in UTF-8 is taken as it is. */
async function draftOf(file, signal) {
  const suffix = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
  const markdown = MARKDOWN.includes(suffix);
  if (markdown || PLAIN.includes(suffix)) {
    try {
      return { text: UTF_8.decode(await file.arrayBuffer()), format: markdown ? "markdown" : "text" };
    } catch {
      // In another encoding, which the service can tell.
    }
  }
  return { text: await readByService(file, signal), format: "text" };
}

/** What else is a document, the service reads as it reads sources. */
async function readByService(file, signal) {
  return (await json("/v1/drafts", { json: { name: file.name, data: await base64(file) }, signal })).text;
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(`${reader.result}`.split(",", 2)[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/** The quotations that the filter leaves. */
export function wanted({ report, only }) {
  return (report?.quotations ?? []).filter((one) => !only || one.verdict === only);
}

/** How many quotations have each verdict. @returns {Record<Verdict, number>} */
export function counts(quotations) {
  const found = Object.fromEntries(Object.keys(VERDICTS).map((name) => [name, 0]));
  for (const { verdict } of quotations) found[verdict] += 1;
  return found;
}

function countsText(quotations) {
  const told = Object.entries(counts(quotations)).filter(([, count]) => count);
  return [number(quotations.length, "quotation"), ...told.map(([name, count]) => `${count} ${VERDICTS[name].label.toLowerCase()}`)].join(", ");
}
