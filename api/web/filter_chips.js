/** The filters below the question, as chips: each opens a small panel, and says what it lets through. */
import { filtered } from "./filters.js";
import { icon } from "./icons.js";
import { facts } from "./library_facts.js";
import { html, live, nothing } from "./lit.js";
import { sourceChooser } from "./source_chooser.js";
import { dateText, fileName, languageName, number } from "./sources.js";

/** @param {import("./filters.js").Asked} asked
 * @param {(changes: Partial<import("./filters.js").Asked>) => void} change
 */
export function filterChips(asked, change) {
  const none = () => change({ language: [], path: [], from: "", to: "" });
  return html`<div class="chips" role="group" aria-label="Filters" @keydown=${closeOnEscape} @focusout=${closeOnLeaving}>
    ${sources(asked, change)}${dates(asked, change)}${languages(asked, change)}
    ${filtered(asked) ? html`<button type="button" class="plain clear" @click=${none}>Clear filters</button>` : nothing}
  </div>`;
}

function chip(name, value, panel) {
  return html`<details class="chip" ?data-set=${Boolean(value)}>
    <summary>${value ? html`<span class="unseen">${name}: </span>${value}` : name}${icon("next")}</summary>
    <div class="panel">${panel}</div></details>`;
}

function sources({ path }, change) {
  const value = path.length > 1 ? number(path.length, "source") : path.length ? fileName(path[0]) : "";
  return chip("Source", value, sourceChooser(path, (chosen) => change({ path: chosen })));
}

function dates({ from, to }, change) {
  const { date_from: first, date_to: last } = facts.value ?? {};
  const field = (label, name, value) => html`<label class="field">${label}
    <input type="date" min=${first ?? nothing} max=${last ?? nothing} .value=${live(value)}
      @change=${(event) => change({ [name]: event.target.value })}></label>`;
  return chip("Date", dateRange(from, to), html`${field("From", "from", from)}${field("Until", "to", to)}
    ${first ? html`<p class="faint">The library’s dated documents: ${dateText(first)} to ${dateText(last)}.</p>` : nothing}`);
}

function dateRange(from, to) {
  if (from && to) return from === to ? dateText(from) : `${dateText(from)} – ${dateText(to)}`;
  return from ? `Since ${dateText(from)}` : to && `Until ${dateText(to)}`;
}

function languages({ language }, change) {
  const held = facts.value?.languages ?? [];
  const codes = [...new Set([...held.map((one) => one.language), ...language])];
  if (codes.length < 2 && !language.length) return nothing;
  const toggle = (code) => change({
    language: language.includes(code) ? language.filter((one) => one !== code) : [...language, code],
  });
  return chip("Language", language.map(languageName).join(", "), codes.map((code) => html`<label class="choice">
    <input type="checkbox" .checked=${live(language.includes(code))} @change=${() => toggle(code)}>
    <span>${languageName(code)}</span><span class="faint">${held.find((one) => one.language === code)?.documents ?? 0}</span></label>`));
}

function closeOnEscape(event) {
  const open = event.target.closest("details[open]");
  if (event.key !== "Escape" || !open) return;
  event.preventDefault();
  open.open = false;
  open.querySelector("summary").focus();
}

/** One panel at a time; it goes when the focus does, or the pointer is pressed elsewhere. */
function closeOnLeaving(event) {
  const left = event.target.closest("details[open]");
  if (left && !left.contains(event.relatedTarget) && event.relatedTarget) left.open = false;
}

document.addEventListener("pointerdown", (event) => {
  for (const open of document.querySelectorAll(".chip[open]")) {
    if (!open.contains(/** @type {Node} */ (event.target))) open.open = false;
  }
});
