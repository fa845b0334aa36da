/** The library view. */
import { html, render } from "./lit.js";

/** @type {import("./views.js").View} */
export const view = {
  title: () => "Library",
  enter(host) {
    render(html`<div class="view"><h1>Library</h1></div>`, host);
  },
};
