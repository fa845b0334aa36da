/** How a source and a place in it are named, in plain words. Pure. */

const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

/** A document's title, or its file's name. @param {{title: string | null, path: string}} document */
export function titleOf(document) {
  return document.title || fileName(document.path);
}

/** Whether a document's pages can be shown as pictures. @param {{path: string}} document */
export function isPdf({ path }) {
  return path.toLowerCase().endsWith(".pdf");
}

/** The last part of a path, of this system or another. @param {string} path */
export function fileName(path) {
  return path.split(/[/\\]/).filter(Boolean).pop() ?? path;
}

/** What is known of a source beside its title, a word or two each.
 * @param {{title: string | null, path: string, author: string | null, publication: string | null, date: string | null}} document
 * @returns {string[]}
 */
export function aboutSource({ title, path, author, publication, date }) {
  const parts = [author && authors(author), publication, date && dateText(date), title && fileName(path)];
  return parts.filter(Boolean);
}

/** "Vongsa, Ana; Lee, Bo" is how several are written down. @param {string} author */
function authors(author) {
  const names = author.split("; ").map((one) => one.split(", ").reverse().join(" "));
  return names.length > 2 ? `${names[0]} and others` : names.join(" and ");
}

/** A day, a month or a year, as people write it. @param {string} date ISO 8601 */
export function dateText(date) {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(date) ?? [];
  if (!year) return date;
  const shown = { year: "numeric", month: month && "long", day: day && "numeric", timeZone: "UTC" };
  const at = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)));
  return new Intl.DateTimeFormat("en-GB", shown).format(at);
}

/** Where in its document a citation stands: "page 14", "lines 12–14".
 * @param {{locator: Record<string, any>, pinpoint: {locator: string, label: string} | null}} citation
 */
export function placeText({ locator, pinpoint }) {
  if (locator.slide_start) return counted("slide", locator.slide_start, locator.slide_end);
  if (locator.row_start) return counted("row", locator.row_start, locator.row_end);
  if (locator.part) return locator.part;
  if (!pinpoint) return locator.headings.at(-1) ?? "";
  // A printed page's number may have a hyphen of its own: A-3.
  const printed = pinpoint.label === "page" && locator.page_label_start;
  const [first, last = first] = printed ? [printed, locator.page_label_end] : pinpoint.locator.split("-");
  const place = counted(pinpoint.label, first, last);
  return locator.headings.length && pinpoint.label === "paragraph" ? `${locator.headings.at(-1)}, ${place}` : place;
}

/** A language's English name. @param {string} code ISO 639 */
export function languageName(code) {
  try {
    return LANGUAGES.of(code) ?? code;
  } catch {
    return code;
  }
}

/** "1 passage", "5 passages". @param {number} number @param {string} one */
export function number(number, one) {
  return `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
}

function counted(name, first, last) {
  return `${first}` === `${last ?? first}` ? `${name} ${first}` : `${name}s ${first}–${last}`;
}
