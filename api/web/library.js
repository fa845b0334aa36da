/** The Library view: what can be asked, what could not be read, and what is being added. */
import { adding, addFiles, changes, sync } from "./adding.js";
import { apiKey, forgetKey } from "./api_key.js";
import { addingSection } from "./adding_list.js";
import { announce } from "./announcements.js";
import { emptyLibrary, failed, waiting } from "./ask_states.js";
import { documentKeys, documentRow } from "./document_row.js";
import { list, listing, listMore, ORDERS, read, written } from "./documents.js";
import { failures, failuresSection, listFailures } from "./failures.js";
import { icon } from "./icons.js";
import { facts, refreshFacts } from "./library_facts.js";
import { html, live, nothing, render, repeat } from "./lit.js";
import { go, here } from "./navigation.js";
import { leaving } from "./removing.js";
import { dateText, languageName, number } from "./sources.js";

const PAUSE_MILLISECONDS = 150;

let host;
let timer = 0;
/** What stands in the field and is not asked for yet. @type {string | null} */
let typed = null;
/** @type {(() => void)[]} */
let followed = [];

/** @type {import("./views.js").View} */
export const view = {
  title: () => "Library",
  enter(element, { query }) {
    host = element;
    const painted = [listing, facts, failures, adding, leaving, here].map((store) => store.follow(paint));
    followed = [...painted, changes.follow(refresh), listing.follow(told)];
    paint();
    list(read(query));
    refreshFacts();
    listFailures();
  },
  update: ({ query }) => list(read(query)),
  leave() {
    followed.forEach((end) => end());
    clearTimeout(timer);
    typed = null;
  },
  shortcuts: [
    { key: "/", does: "Find a document", run: () => field().select() },
    { key: "a", does: "Add files", run: () => host.querySelector("input[type=file]")?.click() },
    ...documentKeys(() => host),
  ],
};

function refresh() {
  list();
  listFailures();
}

function paint() {
  if (here.value.view !== "library") return;
  const wanted = read(here.value.query);
  render(html`<div class="view library">
    <header class="view-head"><div><h1>Library</h1><p class="faint">${holds(facts.value)}</p></div>${buttons()}</header>
    ${facts.value?.can_write === false ? html`<p class="state-note">Your key may read the library, not change it.</p>` : nothing}
    ${addingSection()}
    ${failuresSection(facts.value?.failures ?? 0)}
    ${toolbar(wanted)}
    ${content(wanted)}
  </div>`, host);
}

function holds(known) {
  if (!known) return "";
  const { documents, passages, date_from: from, date_to: to } = known;
  const years = [from, to].filter(Boolean).map((one) => one.slice(0, 4));
  const span = years[0] === years[1] ? years[0] : years.join("–");
  return [number(documents, "document"), number(passages, "passage"), span].filter(Boolean).join(" · ");
}

function buttons() {
  if (!facts.value || facts.value.can_write === false) return keyButton();
  const choose = (event) => {
    addFiles([...event.target.files]);
    event.target.value = "";
  };
  return html`<div class="actions">${keyButton()}
    <button class="plain" title="Read what is new or changed in the folders that were added" @click=${sync}>${icon("sync")}Sync</button>
    <button class="primary" @click=${(event) => event.currentTarget.nextElementSibling.click()}>${icon("add")}Add files</button>
    <input type="file" multiple hidden aria-label="Files to add" @change=${choose}></div>`;
}

/** The page, loaded again, asks for another one if there must be one. */
function keyButton() {
  const forget = () => {
    forgetKey();
    location.reload();
  };
  return apiKey() ? html`<button class="plain" title="Forget the API key that this browser has" @click=${forget}>Forget key</button>` : nothing;
}

function toolbar(wanted) {
  const languages = facts.value?.languages.filter((one) => one.language) ?? [];
  const set = (changed) => go({ ...here.value, query: written({ ...wanted, ...changed }) }, { replace: true });
  return html`<form role="search" class="toolbar" aria-label="Documents" @submit=${(event) => event.preventDefault()}>
    <label class="find">${icon("ask")}<span class="unseen">Find by title or file</span>
      <input type="search" placeholder="Title or file" autocomplete="off" maxlength="200" .value=${live(typed ?? wanted.q)}
        @input=${(event) => find(event.target.value)}></label>
    ${languages.length > 1 ? html`<label><span class="unseen">Language</span>
      <select @change=${(event) => set({ language: event.target.value })}>
        <option value="" .selected=${live(!wanted.language)}>All languages</option>
        ${languages.map((one) => html`<option value=${one.language} .selected=${live(wanted.language === one.language)}>
          ${languageName(one.language)} (${one.documents})</option>`)}</select></label>` : nothing}
    <label><span class="unseen">Order</span><select @change=${(event) => set({ sort: event.target.value })}>
      ${Object.entries(ORDERS).map(([name, { label }]) => html`<option value=${name} .selected=${live(wanted.sort === name)}>${label}</option>`)}
    </select></label></form>`;
}

function content(wanted) {
  const { status, documents, next, problem } = listing.value;
  const shown = documents.filter((one) => !leaving.value.has(one.id));
  if (status === "problem" && !documents.length) return failed(problem, () => list());
  if (status === "loading") return waiting();
  if (!shown.length && (wanted.q || wanted.language)) return html`<p class="nothing faint">No document has these words in its title or file name.</p>`;
  if (!shown.length) return facts.value ? emptyLibrary(facts.value) : nothing;
  return html`<ul class="documents" aria-label="Documents">${repeat(shown, (one) => one.id, (one) =>
    html`<li>${documentRow(one, { canWrite: Boolean(facts.value?.can_write), open: here.value.place?.document === one.id })}</li>`)}</ul>
    ${next ? html`<p class="more"><button @click=${listMore}>More documents</button></p>` : nothing}`;
}

function find(words) {
  typed = words;
  clearTimeout(timer);
  timer = setTimeout(() => {
    typed = null;
    go({ ...here.value, query: written({ ...read(here.value.query), q: words }) }, { replace: true });
  }, PAUSE_MILLISECONDS);
}

function field() {
  return host.querySelector("input[type=search]");
}

let counted = -1;

/** What a search leaves, told to who does not see it. */
function told({ status, documents }) {
  if (status !== "here" || documents.length === counted) return;
  if (counted >= 0 && document.activeElement === field()) announce(number(documents.length, "document"));
  counted = documents.length;
}
