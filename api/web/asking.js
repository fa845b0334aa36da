/** The question that stands, and what came of it.
 *
 * @typedef {import("./filters.js").Asked} Asked
 * @typedef {{asked: Asked, status: "none" | "asking" | "answered" | "problem" | "away",
 *   answer: any, problem: import("./service.js").Problem | null, slow: boolean}} Asking
 *   While asking, `answer` is the one before.
 */
import { connection } from "./connection.js";
import { body, read } from "./filters.js";
import { Latest } from "./latest.js";
import { Away, json, Problem } from "./service.js";
import { Store } from "./store.js";

/** Sooner, a sign of waiting would only flicker. */
const SLOW_MILLISECONDS = 150;
/** Of a few kB each. */
const REMEMBERED = 100;

/** @type {Store<Asking>} */
export const asking = new Store(state(read(new URLSearchParams()), "none"));

/** @type {Map<string, any>} answers by request, those used last at the end */
const remembered = new Map();
const latest = new Latest();

/** Asks what an address says; what was asked before is given up. @param {URLSearchParams} query */
export function ask(query) {
  const asked = read(query);
  const signal = latest.begin();
  if (!asked.question) return asking.set(state(asked, "none"));
  const known = remembered.get(key(asked));
  asking.set(state(asked, known ? "answered" : "asking", known ?? asking.value.answer));
  return send(asked, signal);
}

/** The same again, as after an error. */
export function askAgain() {
  const { asked } = asking.value;
  const signal = latest.begin();
  asking.set(state(asked, "asking", asking.value.answer));
  return send(asked, signal);
}

/** The questions of this visit, the newest first, each as it was asked last. @returns {Asked[]} */
export function askedBefore() {
  const all = [...remembered.keys()].reverse().map((one) => JSON.parse(one));
  return all.filter(({ question }, at) => all.findIndex((one) => one.question === question) === at);
}

async function send(asked, signal) {
  const slow = setTimeout(() => {
    if (asking.value.status === "asking") asking.set({ ...asking.value, slow: true });
  }, SLOW_MILLISECONDS);
  try {
    const answer = await json("/v1/ask", { json: body(asked), signal });
    if (!signal.aborted) take(asked, answer);
  } catch (error) {
    if (!signal.aborted) fail(asked, error);
  } finally {
    clearTimeout(slow);
  }
}

/** What was shown from memory stays, unless the library has changed since. */
function take(asked, answer) {
  remembered.delete(key(asked));
  remembered.set(key(asked), answer);
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value);
  const { status, answer: shown } = asking.value;
  if (status === "answered" && shown.generation === answer.generation) return;
  asking.set(state(asked, "answered", answer));
}

function fail(asked, error) {
  const { status, answer } = asking.value;
  // An answer from memory is an answer, whatever keeps the service from giving it again.
  if (status === "answered" && (error instanceof Away || error.status >= 429)) return;
  if (error instanceof Away) asking.set(state(asked, "away", answer));
  else if (error instanceof Problem) asking.set(state(asked, "problem", null, error));
  else throw error;
}

connection.follow((now) => {
  if (now === "here" && asking.value.status === "away") askAgain();
});

function key(asked) {
  return JSON.stringify(asked);
}

function state(asked, status, answer = null, problem = null) {
  return { asked, status, answer, problem, slow: false };
}
