/** Chooses documents to ask, by words of their titles and paths. */
import { html, nothing } from "./lit.js";
import { Latest } from "./latest.js";
import { json, withQuery } from "./service.js";
import { Store } from "./store.js";
import { fileName, titleOf } from "./sources.js";

const SHOWN = 8;
const PAUSE_MILLISECONDS = 120;

/** What was found last. @type {Store<any[] | null>} */
export const candidates = new Store(null);

const latest = new Latest();
let timer = 0;

/** @param {string[]} chosen paths @param {(paths: string[]) => void} change */
export function sourceChooser(chosen, change) {
  const add = (path) => change([...new Set([...chosen, path])]);
  const remove = (path) => change(chosen.filter((one) => one !== path));
  const others = (candidates.value ?? []).filter((one) => !chosen.includes(one.path));
  return html`
    ${chosen.map((path) => html`<label class="choice"><input type="checkbox" checked @change=${() => remove(path)}>
      <span title=${path}>${fileName(path)}</span></label>`)}
    <label class="field">Title or file
      <input type="search" @input=${(event) => find(event.target.value)} @focus=${(event) => find(event.target.value)}
        @keydown=${(event) => event.key === "Enter" && event.preventDefault()}></label>
    ${others.map((one) => html`<button type="button" class="plain choice-button" title=${one.path}
      @click=${() => add(one.path)}>${titleOf(one)}</button>`)}
    ${candidates.value && !others.length ? html`<p class="faint">No other document has these words.</p>` : nothing}`;
}

function find(words) {
  const signal = latest.begin();
  clearTimeout(timer);
  timer = setTimeout(async () => {
    try {
      const query = { q: words.trim() || null, limit: SHOWN, sort: "title" };
      candidates.set((await json(withQuery("/v1/documents", query), { signal })).documents);
    } catch {
      // The chooser stays as it was; the next letter asks again.
    }
  }, PAUSE_MILLISECONDS);
}
