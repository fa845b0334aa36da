/** The passages of an answer, one of them the current one, moved by keys. */
import { card, placeOf } from "./answer_card.js";
import { summary } from "./ask_states.js";
import { copyCitation, copyQuote, styleSelect } from "./citations.js";
import { LIMIT, MOST } from "./filters.js";
import { html, nothing, repeat } from "./lit.js";
import { scrolling } from "./motion.js";
import { here, open } from "./navigation.js";
import { toggleSaved } from "./saving.js";
import { Store } from "./store.js";

/** Which passage is current, from 0; -1 for none. */
export const current = new Store(-1);

/** @param {import("./asking.js").Asking} asking @param {() => void} more shows more passages */
export function answers({ answer, asked, status }, more) {
  const { passages, notice } = answer;
  return html`<section class="answers" aria-label="Answers" aria-busy=${status === "asking"}>
    <div class="answers-head"><p>${summary(answer)}</p>${styleSelect()}</div>
    ${status === "away" ? html`<p class="state-note">Your question is kept, and answered as soon as the service is back.
      These are the passages of the question before.</p>` : nothing}
    ${notice ? html`<p class="state-note">${notice}</p>` : nothing}
    <ol>${repeat(passages, (one) => one.citation.id, (one, at) => html`<li>${card(one, {
      current: at === current.value, reading: reads(one.citation, here.value.place), select: () => at !== current.value && current.set(at),
    })}</li>`)}</ol>
    ${passages.length >= asked.limit && asked.limit < MOST && passages.length >= LIMIT
      ? html`<p class="more"><button @click=${more}>More passages</button></p>` : nothing}
  </section>`;
}

/** The keys of the answers. @param {() => any[]} passages those shown */
export function answerKeys(passages) {
  const chosen = () => passages()[Math.max(current.value, 0)];
  const act = (run) => () => chosen() && run(chosen().citation);
  return [
    { key: "j", does: "Next passage", run: () => move(1, passages()) },
    { key: "k", does: "Passage before", run: () => move(-1, passages()) },
    { key: "o", also: ["Enter"], does: "Open it in its document", run: act((one) => open(placeOf(one))) },
    { key: "c", does: "Copy its citation", run: act(copyCitation) },
    { key: "q", does: "Copy it as a quote", run: act(copyQuote) },
    { key: "s", does: "Save it in the notebook", run: act(toggleSaved) },
  ];
}

/** What is opened is the current one. @param {any[]} passages @param {import("./address.js").Place | null} place */
export function followPlace(passages, place) {
  const at = passages.findIndex(({ citation }) => reads(citation, place));
  if (at >= 0 && at !== current.value) current.set(at);
}

function reads({ document, start, end }, place) {
  return place?.document === document.id && place.start === start && place.end === end;
}

function move(by, passages) {
  if (!passages.length) return;
  const next = Math.min(Math.max(current.value + by, 0), passages.length - 1);
  current.set(next);
  const element = document.getElementById(`answer-${passages[next].rank}`);
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "nearest", behavior: scrolling() });
  // Beside the answers, what is read follows what is chosen.
  if (here.value.place && here.value.view === "ask") open(placeOf(passages[next].citation), { follow: true });
}
