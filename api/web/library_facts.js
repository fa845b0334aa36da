/** What the library holds, for whoever shows it; asked again when somebody says that it changed.
 *
 * @typedef {{documents: number, passages: number, languages: {language: string, documents: number}[],
 *   date_from: string | null, date_to: string | null, generation: number, failures: number,
 *   can_write: boolean | null, key: string | null}} Facts
 *   `can_write` is null where nobody can tell before something is sent
 */
import { connection } from "./connection.js";
import { json } from "./service.js";
import { Store } from "./store.js";

/** @type {Store<Facts | null>} null until it is known */
export const facts = new Store(null);

/** Where there is no library yet: the first file that is sent makes one. @type {Facts} */
const NONE = {
  documents: 0, passages: 0, languages: [], date_from: null, date_to: null, generation: 0, failures: 0, can_write: null, key: null,
};

let asked = 0;
let told = 0;

/** Of answers that overtake one another, the one asked for last stays. @returns {Promise<void>} */
export async function refreshFacts() {
  const turn = ++asked;
  try {
    const now = await json("/v1/library");
    if (turn < told) return;
    told = turn;
    facts.set(now);
  } catch (error) {
    // Of anything else whoever asks something of the library is told.
    if (error.code === "library-missing") facts.set(NONE);
  }
}

connection.follow((now) => now === "here" && refreshFacts());
