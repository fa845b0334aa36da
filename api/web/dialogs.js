/** Dialogs: the browser's own, which hold the focus and end with Escape. */
import { html, render } from "./lit.js";
import { icon } from "./icons.js";

let counted = 0;

/** Opens a dialog.
 * @template T
 * @param {string} title
 * @param {(close: (result?: T) => void) => unknown} content a lit template
 * @returns {Promise<T | undefined>} what it was closed with; undefined after Escape
 */
export function openDialog(title, content) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    const name = `dialog-${++counted}`;
    let answer;
    const close = (result) => {
      answer = result;
      dialog.close();
    };
    dialog.setAttribute("aria-labelledby", name);
    // Not at the click: one ends there, too, when words are selected and the pointer leaves the dialog.
    dialog.addEventListener("pointerdown", (event) => event.target === dialog && close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    render(
      html`<div class="dialog">
        <header><h2 id=${name}>${title}</h2>
          <button class="plain icon" aria-label="Close" @click=${() => close()}>${icon("close")}</button></header>
        ${content(close)}
      </div>`,
      dialog,
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
