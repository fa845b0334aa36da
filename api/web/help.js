/** The keys of the page, shown. */
import { openDialog } from "./dialogs.js";
import { allShortcuts } from "./keyboard.js";
import { html } from "./lit.js";
import { prefer, preferences } from "./preferences.js";

const NAMES = { Escape: "Esc", " ": "Space", ArrowUp: "↑", ArrowDown: "↓" };

export function showHelp() {
  return openDialog("Keyboard", () => html`
    <div class="shortcuts">${allShortcuts().map(part)}</div>
    <label class="choice"><input type="checkbox" .checked=${preferences.value.letterKeys}
      @change=${(event) => prefer({ letterKeys: event.target.checked })}>
      Single letters are shortcuts</label>`);
}

function part([name, shortcuts]) {
  return html`<section><h3>${name}</h3><dl>${shortcuts.map(({ key, also = [], does }) => html`
    <div><dt>${[key, ...also].map((one) => html`<kbd>${NAMES[one] ?? one}</kbd> `)}</dt><dd>${does}</dd></div>`)}
  </dl></section>`;
}
