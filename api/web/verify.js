/** The Verify view: a draft, its quotations coloured by verdict, and what the source says. */
import { placeOf } from "./answer_card.js";
import { failed } from "./ask_states.js";
import { copyCitation } from "./citations.js";
import { drawnDraft } from "./draft_text.js";
import { setDropTarget } from "./dropping.js";
import { icon } from "./icons.js";
import { html, live, nothing, render } from "./lit.js";
import { scrolling } from "./motion.js";
import { here, open } from "./navigation.js";
import { notebook } from "./notebook_store.js";
import { toggleSaved } from "./saving.js";
import { number } from "./sources.js";
import { counts, edit, set, takeFile, VERDICTS, verify, verifying, wanted } from "./verifying.js";

let host;
/** @type {(() => void)[]} */
let followed = [];

/** @type {import("./views.js").View} */
export const view = {
  title: () => "Verify",
  enter(element) {
    host = element;
    followed = [verifying, notebook, here].map((store) => store.follow(paint));
    setDropTarget({ says: "Drop to verify it", take: (files) => takeFile(files[0]) });
    paint();
    host.querySelector("textarea")?.focus();
  },
  leave() {
    followed.forEach((end) => end());
    setDropTarget(null);
  },
  shortcuts: [
    { key: "j", does: "Next quotation", run: () => move(1) },
    { key: "k", does: "Quotation before", run: () => move(-1) },
    { key: "o", does: "Open its source", run: act((one) => open(placeOf(one))) },
    { key: "c", does: "Copy its source’s citation", run: act(copyCitation) },
    { key: "s", does: "Save the source’s words in the notebook", run: act(toggleSaved) },
    { key: "/", does: "Back to the draft", run: writeOn },
  ],
};

function paint() {
  if (here.value.view !== "verify") return;
  const state = verifying.value;
  const done = state.status === "verified";
  render(html`<div class="view verify" ?data-done=${done}>
    <header class="view-head"><div><h1>Verify</h1><p class="faint">${done ? state.name || "Your draft" : "Every quotation of a draft, held against your documents."}</p></div>
      ${done ? html`<div class="actions"><button @click=${writeOn}>${icon("edit")}Edit the draft</button></div>` : nothing}</header>
    ${done ? verified(state) : writing(state)}
  </div>`, host);
}

function writing({ text, status, problem }) {
  const busy = status === "verifying";
  const submit = (event) => {
    event.preventDefault();
    verify();
  };
  // Nothing is drawn anew: the field has it. A browser also tells of input when the field goes.
  const typed = (event) => Object.assign(verifying.value, { text: event.target.value });
  const submitByKey = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form.requestSubmit();
  return html`<form class="draft-form" @submit=${submit}>
    <label><span class="unseen">Draft</span><textarea name="draft" rows="14" maxlength="2000000" .value=${live(text)} @input=${typed}
      @keydown=${submitByKey} placeholder="Paste a draft, in Markdown or plain text, or drop a file here." ?readonly=${busy}></textarea></label>
    <div class="actions"><button class="primary" ?disabled=${busy}>${busy ? "Verifying…" : "Verify"}</button>
      <button type="button" class="plain" @click=${(event) => event.currentTarget.nextElementSibling.click()}>${icon("page")}Choose a file</button>
      <input type="file" hidden aria-label="Draft" accept=".md,.markdown,.txt,.text,.docx,.odt,.rtf,.html,.pdf" @change=${chosen}>
      <span class="faint">Nothing of it is kept by the service.</span></div>
    ${problem ? failed(problem, verify) : nothing}
  </form>`;
}

function chosen(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) takeFile(file);
}

function verified(state) {
  const { quotations, short } = state.report;
  if (!quotations.length) {
    return html`<p class="state-note">There is no quotation in it${short ? `, but ${number(short, "short one")} of fewer than three words` : ""}.
      Quotations stand in quotation marks or as block quotations.</p>${drawnDraft(state)}`;
  }
  return html`${summary(state, quotations)}
    ${short ? html`<p class="faint short">${number(short, "quotation")} of fewer than three words ${short === 1 ? "is" : "are"} left out.</p>` : nothing}
    ${drawnDraft(state)}`;
}

/** The counts are the filter, too. */
function summary({ only }, quotations) {
  const found = counts(quotations);
  const pick = (name) => () => set({ only: only === name ? null : name, opened: null });
  return html`<div class="verdicts" role="group" aria-label="Quotations by verdict">
    <button aria-pressed=${only === null} @click=${() => set({ only: null })}><b>${quotations.length}</b>${quotations.length === 1 ? "Quotation" : "Quotations"}</button>
    ${Object.entries(VERDICTS).map(([name, { label, picture, says }]) => html`
      <button data-verdict=${name} aria-pressed=${only === name} ?disabled=${!found[name]} title=${says} @click=${pick(name)}>
        <b>${icon(picture)}${found[name]}</b>${label}</button>`)}</div>`;
}

/** With the source of the quotation that is looked at. */
function act(run) {
  return () => {
    const looked = wanted(verifying.value).find((one) => one.number === verifying.value.opened);
    if (looked?.citation) run(looked.citation);
  };
}

function move(by) {
  const numbers = wanted(verifying.value).map((one) => one.number);
  if (!numbers.length) return;
  const at = numbers.indexOf(verifying.value.opened);
  const next = numbers[at < 0 ? (by > 0 ? 0 : numbers.length - 1) : Math.min(Math.max(at + by, 0), numbers.length - 1)];
  set({ opened: next });
  const element = host.querySelector(`#quotation-${next}`);
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "center", behavior: scrolling() });
}

function writeOn() {
  edit();
  host.querySelector("textarea").focus();
}
