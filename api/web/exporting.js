/** The notebook taken along, as a file or in the clipboard. */
import { announce, toast } from "./announcements.js";
import { copy } from "./clipboard.js";
import { preferences } from "./preferences.js";
import { request } from "./service.js";

/** As the service names them. */
export const FORMATS = {
  markdown: "Markdown, with footnotes",
  docx: "Word (DOCX), with footnotes",
  bibtex: "BibTeX",
  ris: "RIS",
  "csl-json": "CSL-JSON",
};

/** @param {keyof typeof FORMATS} format @param {import("./notebook_store.js").Saved[]} passages @param {string} title */
export function download(format, passages, title) {
  return save(asked(format, passages, title));
}

/** An answer of the service as a file. @param {Promise<Response>} asked */
export async function save(asked) {
  try {
    const answer = await asked;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = nameOf(answer);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    announce(`${link.download} is saved.`);
  } catch (error) {
    toast(`Not saved: ${[error.detail ?? error.message, error.remedy].filter(Boolean).join(" ")}`, { urgent: true });
  }
}

/** Everything as Markdown with footnotes, into the clipboard. */
export function copyAll(passages, title) {
  const text = asked("markdown", passages, title).then((answer) => answer.text());
  return copy(text, "The notebook is copied, with its footnotes.");
}

function asked(format, passages, title) {
  const chosen = passages.map(({ document_id, start, end, note, quote }) => ({ document_id, start, end, note, quote }));
  return request("/v1/exports", { json: { format, style: preferences.value.style, title: title.trim() || null, passages: chosen } });
}

function nameOf(answer) {
  const told = answer.headers.get("Content-Disposition") ?? "";
  const encoded = /filename\*=(?:UTF-8|utf-8)''([^;]+)/.exec(told);
  return encoded ? decodeURIComponent(encoded[1]) : (/filename="([^"]+)"/.exec(told)?.[1] ?? "quaere");
}
