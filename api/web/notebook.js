/** The notebook view. */
import { html, render } from "./lit.js";

/** @type {import("./views.js").View} */
export const view = {
  title: () => "Notebook",
  enter(host) {
    render(html`<div class="view"><h1>Notebook</h1></div>`, host);
  },
};
