/** Whether the service can be reached; while it cannot, it is asked again and again. */
import { Store } from "./store.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

/** @type {Store<"here" | "away">} */
export const connection = new Store("here");

let wait = FIRST_WAIT;

/** A request found no service. */
export function lost() {
  if (connection.value === "away") return;
  connection.set("away");
  wait = FIRST_WAIT;
  setTimeout(look, wait);
}

/** A request was answered. */
export function found() {
  if (connection.value === "away") connection.set("here");
}

/** Asks at once, as when the user says so. */
export async function look() {
  if (connection.value === "here") return;
  try {
    const answer = await fetch("/health", { cache: "no-store" });
    if (answer.ok) found();
  } catch {
    // Still away.
  }
  if (connection.value === "here") return;
  wait = Math.min(wait * 1.5, LONGEST_WAIT);
  clearTimeout(look.timer);
  look.timer = setTimeout(look, wait);
}
look.timer = 0;

addEventListener("online", () => look());
