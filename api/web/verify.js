/** The verify view. */
import { html, render } from "./lit.js";

/** @type {import("./views.js").View} */
export const view = {
  title: () => "Verify",
  enter(host) {
    render(html`<div class="view"><h1>Verify</h1></div>`, host);
  },
};
