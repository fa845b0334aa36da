/** Asks for the API key where the service wants one. */
import { apiKey, keepKey } from "./api_key.js";
import { openDialog } from "./dialogs.js";
import { html, nothing } from "./lit.js";

/** @type {Promise<boolean> | null} */
let asked = null;

/** Several requests may want the key at once; it is asked for once.
 * @returns {Promise<boolean>} whether one was given
 */
export function askForKey() {
  asked ??= ask().finally(() => (asked = null));
  return asked;
}

async function ask() {
  const wrong = apiKey() !== null;
  const given = await openDialog("This library asks for a key", (close) => {
    const submit = (event) => {
      event.preventDefault();
      const form = new FormData(event.target);
      const key = `${form.get("key")}`.trim();
      if (key) close({ key, lasting: form.has("lasting") });
    };
    return html`<form class="stack" @submit=${submit}>
      ${wrong ? html`<p role="alert">The key that was sent is not valid.</p>` : nothing}
      <label class="field">API key
        <input name="key" type="password" autocomplete="current-password" required autofocus></label>
      <label class="choice"><input name="lasting" type="checkbox"> Keep it in this browser</label>
      <p class="faint">Who runs the service makes one: <code>qa keys add NAME</code></p>
      <div class="actions"><button class="primary">Continue</button></div>
    </form>`;
  });
  if (given) keepKey(given.key, given);
  return Boolean(given);
}
