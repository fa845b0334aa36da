/** The warning that words may read otherwise in their context, with that context. */
import { icon } from "./icons.js";
import { html, nothing } from "./lit.js";

const SAYS = {
  negation: "denies",
  hedge: "doubts",
  reported: "tells what someone said",
  contrast: "turns",
};
const WHERE = { before: "what stands before", after: "what follows" };

/** @param {any} context as the service gives it */
export function contextWarning(context) {
  if (!context) return nothing;
  return html`<div class="context" role="note">
    <p>${icon("warning")}<span>May read otherwise in its context: ${context.reasons.map(reason)}.</span></p>
    ${neighbour("Before", context.before)}${neighbour("After", context.after)}</div>`;
}

function reason({ kind, where, words }, number) {
  const begun = number ? "; " : "";
  if (kind === "cut") return `${begun}the sentence ${where === "before" ? "begins before it" : "goes on after it"}`;
  return html`${begun}${WHERE[where]} ${SAYS[kind] ?? kind} <q>${words}</q>`;
}

function neighbour(label, sentence) {
  return sentence ? html`<p class="neighbour"><span class="label">${label}</span> ${sentence.quote}</p>` : nothing;
}
