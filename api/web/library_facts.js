/** What the library holds, for whoever shows it; asked again when somebody says that it changed.
 *
 * @typedef {{documents: number, passages: number, languages: {language: string, documents: number}[],
 *   date_from: string | null, date_to: string | null, generation: number, failures: number,
 *   can_write: boolean}} Facts
 */
import { connection } from "./connection.js";
import { json } from "./service.js";
import { Store } from "./store.js";

/** @type {Store<Facts | null>} null until it is known */
export const facts = new Store(null);

/** @returns {Promise<void>} */
export async function refreshFacts() {
  try {
    facts.set(await json("/v1/library"));
  } catch {
    // Whoever asks something of the library is told what is wrong.
  }
}

connection.follow((now) => now === "here" && refreshFacts());
