/** The filters below the question, as chips: each opens a small panel, and says what it lets through. */
import { filtered } from "./filters.js";
import { icon } from "./icons.js";
import { facts } from "./library_facts.js";
import { html, live, nothing } from "./lit.js";
import { closeOnEscape, closeOnLeaving } from "./panels.js";
import { sourceChooser } from "./source_chooser.js";
import { dateText, fileName, languageName, number } from "./sources.js";

/** Fields for dates then take years of four digits. */
const LAST_DAY = "9999-12-31";

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
  // While a year is typed, each of its digits makes a date: 0002, 0020, 0202. None of them is asked for,
  // and none is taken back from the field when something else is painted.
  const whole = (day) => !day || day >= "1000";
  const field = (label, name, value) => html`<label class="field">${label}
    <input type="date" max=${LAST_DAY} .value=${value}
      @change=${(event) => whole(event.target.value) && change({ [name]: event.target.value })}></label>`;
  return chip("Date", dateRange(from, to), html`${field("From", "from", from)}${field("Until", "to", to)}
    ${first ? html`<p class="faint">The library’s dated documents: ${dateText(first)} to ${dateText(last)}.</p>` : nothing}`);
}

function dateRange(from, to) {
  if (from && to) return from === to ? dateText(from) : `${dateText(from)} – ${dateText(to)}`;
  return from ? `Since ${dateText(from)}` : to && `Until ${dateText(to)}`;
}

function languages({ language }, change) {
  // A document whose language is not clear cannot be asked for by it.
  const held = (facts.value?.languages ?? []).filter((one) => one.language);
  const codes = [...new Set([...held.map((one) => one.language), ...language])];
  if (codes.length < 2 && !language.length) return nothing;
  const toggle = (code) => change({
    language: language.includes(code) ? language.filter((one) => one !== code) : [...language, code],
  });
  return chip("Language", language.map(languageName).join(", "), codes.map((code) => html`<label class="choice">
    <input type="checkbox" .checked=${live(language.includes(code))} @change=${() => toggle(code)}>
    <span>${languageName(code)}</span><span class="faint">${held.find((one) => one.language === code)?.documents ?? 0}</span></label>`));
}
