/** Files that the library could not read, each with what to do. */
import { html, nothing } from "./lit.js";
import { icon } from "./icons.js";
import { Latest } from "./latest.js";
import { json } from "./service.js";
import { fileName, number } from "./sources.js";
import { Store } from "./store.js";

const AT_MOST = 200;
const FEW = 3;

/** @type {Store<{path: string, message: string, remedy: string}[]>} */
export const failures = new Store([]);

const latest = new Latest();

export async function listFailures() {
  const signal = latest.begin();
  try {
    failures.set((await json(`/v1/failures?limit=${AT_MOST}`, { signal })).failures);
  } catch {
    // The list of documents tells what is wrong.
  }
}

/** @param {number} count of all, of which the first are listed */
export function failuresSection(count) {
  const known = failures.value;
  if (!known.length) return nothing;
  return html`<details class="failures" ?open=${known.length <= FEW}>
    <summary>${icon("warning")}<h2>${number(count || known.length, "file")} could not be read</h2></summary>
    <ul>${known.map(failure)}</ul>
    ${count > known.length ? html`<p class="faint">These are the first ${known.length}; all of them: <code>qa status --failed</code></p>` : nothing}
  </details>`;
}

function failure({ path, message, remedy }) {
  return html`<li><h3 title=${path}>${fileName(path)}</h3>
    <p>${sentence(message.replace(`${path}: `, ""))} <span class="remedy">${remedy}</span></p></li>`;
}

function sentence(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
