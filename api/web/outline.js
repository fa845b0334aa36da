/** The outline of the open document: headings, pages, slides. */
import { html, nothing } from "./lit.js";

/** @param {import("./reading.js").Outline | null} outline */
export function hasOutline(outline) {
  return Boolean(outline && (outline.headings.length || outline.pages.length > 1 || outline.slides.length > 1));
}

/** @param {import("./reading.js").Outline} outline @param {(start: number) => void} show */
export function outlinePanel({ headings, pages, slides }, show) {
  const least = Math.min(...headings.map((one) => one.level));
  return html`<nav class="outline" aria-label="Outline">
    ${headings.length ? html`<ul>${headings.map((one) => entry(one.title, one.start, show, Math.min(one.level - least, 4)))}</ul>` : nothing}
    ${numbered("Pages", pages, show)}${numbered("Slides", slides, show)}</nav>`;
}

function entry(title, start, show, depth) {
  return html`<li data-depth=${depth}><button class="plain" @click=${() => show(start)}>${title}</button></li>`;
}

function numbered(name, all, show) {
  if (all.length < 2) return nothing;
  return html`<h3>${name}</h3><ol class="numbers">${all.map((one) => html`<li>
    <button class="plain" aria-label=${`${name.slice(0, -1)} ${one.label || one.number}`} @click=${() => show(one.start)}>${one.label || one.number}</button></li>`)}</ol>`;
}
