/** The Ask view. */
import { html, render } from "./lit.js";

/** @type {import("./views.js").View} */
export const view = {
  title: () => "Ask",
  enter(host) {
    render(html`<div class="view"><h1>Ask</h1></div>`, host);
  },
};
