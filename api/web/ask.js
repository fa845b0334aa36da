/** Ask: one field, and the passages that answer. The address holds what is asked. */
import { announce } from "./announcements.js";
import { answerKeys, answers, current, followPlace } from "./answers.js";
import { ask, asking } from "./asking.js";
import { away, failed, noAnswer, start, summary, waiting } from "./ask_states.js";
import { filterChips } from "./filter_chips.js";
import { LIMIT, MOST, read, written } from "./filters.js";
import { icon } from "./icons.js";
import { facts, refreshFacts } from "./library_facts.js";
import { html, live, render } from "./lit.js";
import { go, here } from "./navigation.js";
import { notebook } from "./notebook_store.js";
import { preferences } from "./preferences.js";
import { json } from "./service.js";
import { number } from "./sources.js";
import { candidates } from "./source_chooser.js";
import { Store } from "./store.js";

/** Documents, for the start. */
const newest = new Store([]);
/** @type {(() => void)[]} */
let followed = [];
let host;

/** @type {import("./views.js").View} */
export const view = {
  title: ({ query }) => read(query).question || "Ask",
  enter(element, address) {
    host = element;
    const stores = [asking, current, facts, newest, candidates, notebook, preferences, here];
    followed = [...stores.map((store) => store.follow(paint)), asking.follow(told), here.follow(opened), asking.follow(opened)];
    typed = null;
    ask(address.query);
    paint();
    // A link to an answer is there to be read; its keys work at once.
    if (!asking.value.asked.question) field().focus();
    refreshFacts().then(findNewest);
  },
  update: ({ query }) => {
    typed = null;
    current.set(-1);
    ask(query);
  },
  leave: () => followed.forEach((end) => end()),
  shortcuts: [
    { key: "/", does: "Ask", run: () => focusField() },
    ...answerKeys(() => (shown() ? asking.value.answer.passages : [])),
  ],
};

function paint() {
  if (here.value.view !== "ask") return;
  const { asked, status, slow } = asking.value;
  const begun = status !== "none";
  render(html`<div class="ask" ?data-begun=${begun} ?data-slow=${slow}>
    <h1 class=${begun ? "unseen" : ""}>Ask your documents</h1>
    ${begun || !facts.value?.documents ? "" : html`<p class="faint holds">${number(facts.value.documents, "document")},
      ${number(facts.value.passages, "passage")}</p>`}
    <form role="search" class="question" @submit=${submit}>
      <label class="ask-field">${icon("ask")}<span class="unseen">Question</span>
        <input name="q" type="search" placeholder="Ask a question" autocomplete="off" enterkeyhint="search"
          maxlength="2000" .value=${live(typed ?? asked.question)} @input=${(event) => (typed = event.target.value)}></label>
      <button class="primary" aria-label="Ask"><span>Ask</span></button>
      ${filterChips(asked, change)}
    </form>
    ${content()}</div>`, host);
}

/** What stands in the field and is not asked yet; null when it is what was asked. @type {string | null} */
let typed = null;

function content() {
  const { status, answer, problem, slow } = asking.value;
  if (status === "none") return start(facts.value, newest.value);
  if (status === "problem") return failed(problem);
  if (status === "away" && !answer) return away();
  if (!answer) return slow ? waiting() : "";
  if (!answer.passages.length) return noAnswer(asking.value, () => change({ language: [], path: [], from: "", to: "" }));
  return answers(asking.value, more);
}

function shown() {
  return asking.value.status === "answered";
}

function submit(event) {
  event.preventDefault();
  const question = `${new FormData(event.target).get("q")}`.trim();
  typed = null;
  // Out of the field, so that the next keys go through the answers; / leads back.
  if (question) document.querySelector("main").focus({ preventScroll: true });
  to({ ...asking.value.asked, question, limit: LIMIT });
}

/** Other filters ask the same question again. */
function change(changes) {
  to({ ...asking.value.asked, question: typed ?? asking.value.asked.question, ...changes, limit: LIMIT });
}

function to(asked) {
  const query = written(asked);
  unread = null;
  // The same once more is asked anew: the library may have changed, or the service was in trouble.
  if (`${query}` === `${here.value.query}`) return ask(query);
  const place = asked.question === asking.value.asked.question ? here.value.place : null;
  go({ view: "ask", query, place });
}

/** Which passage, from 0, is the first of those asked for besides: its button goes, and so the focus moves on. */
let unread = null;

function more() {
  const { asked, answer } = asking.value;
  unread = answer.passages.length;
  go({ ...here.value, query: written({ ...asked, limit: Math.min(asked.limit * 2, MOST) }) }, { replace: true });
}

function focusField() {
  field().focus();
  field().select();
}

function field() {
  return host.querySelector("input[name=q]");
}

function told({ status, answer }) {
  if (status !== "answered") return;
  announce(answer.passages.length ? summary(answer) : (answer.notice ?? "No passage."));
  if (unread !== null) document.getElementById(`answer-${unread + 1}`)?.focus({ preventScroll: true });
  unread = null;
}

function opened() {
  if (shown()) followPlace(asking.value.answer.passages, here.value.place);
}

async function findNewest() {
  if (!facts.value?.documents) return;
  try {
    newest.set((await json("/v1/documents?sort=date&order=descending&limit=4")).documents);
  } catch {
    // The start does without.
  }
}
