/** A draft and what became of its quotations; stays while other views are shown.
 *
 * @typedef {"exact" | "normalised" | "altered" | "not_found"} Verdict
 * @typedef {{status: "writing" | "verifying" | "verified", text: string, format: "markdown" | "text",
 *   name: string, report: any, problem: any, only: Verdict | null, opened: number | null}} Verifying
 *   `only` filters by verdict; `opened` is the number of the quotation that is looked at
 */
import { announce, toast } from "./announcements.js";
import { json } from "./service.js";
import { number } from "./sources.js";
import { Store } from "./store.js";

/** Name, picture, and what it says, from best to worst. */
export const VERDICTS = {
  exact: { label: "Exact", picture: "verify", says: "Every character stands in the source." },
  normalised: { label: "Same words", picture: "like", says: "The same words; only the writing differs." },
  altered: { label: "Altered", picture: "unlike", says: "Words are changed, missing, added or moved." },
  not_found: { label: "Not found", picture: "question", says: "No source holds anything like it." },
};

const WRITING = { status: "writing", report: null, problem: null, only: null, opened: null };
const PLAIN = [".txt", ".text"];
const MARKDOWN = [".md", ".markdown"];

/** @type {Store<Verifying>} */
export const verifying = new Store({ ...WRITING, text: "", format: "markdown", name: "" });

let under = new AbortController();

/** @param {Partial<Verifying>} changes */
export function set(changes) {
  verifying.set({ ...verifying.value, ...changes });
}

/** Back to the draft, to write on. */
export function edit() {
  under.abort();
  set(WRITING);
}

/** Holds every quotation of the draft against the library. */
export async function verify() {
  const { text, format } = verifying.value;
  if (!text.trim()) return;
  under.abort();
  under = new AbortController();
  const { signal } = under;
  set({ status: "verifying", problem: null });
  try {
    const report = await json("/v1/verify", { json: { text, format }, signal });
    set({ status: "verified", report, only: null, opened: null });
    announce(countsText(report.quotations));
  } catch (problem) {
    if (signal.aborted) return;
    set({ ...WRITING, problem });
    announce(problem.detail ?? problem.message, { urgent: true });
  }
}

/** Takes a file in as the draft, and verifies it. @param {File} file */
export async function takeFile(file) {
  const suffix = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
  const plain = PLAIN.includes(suffix);
  try {
    const text = plain || MARKDOWN.includes(suffix) ? await file.text() : await readByService(file);
    set({ ...WRITING, text, name: file.name, format: MARKDOWN.includes(suffix) ? "markdown" : "text" });
  } catch (error) {
    return toast(`${file.name} was not read: ${error.detail ?? error.message}`, { urgent: true });
  }
  return verify();
}

/** What else is a document, the service reads as it reads sources. */
async function readByService(file) {
  return (await json("/v1/drafts", { json: { name: file.name, data: await base64(file) } })).text;
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
