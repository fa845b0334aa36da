/** The one library of the page, lit-html: text goes in through its bindings, never as HTML. */
export { html, nothing, render, svg } from "./vendor/lit-html.js";
export { live } from "./vendor/directives/live.js";
export { ref } from "./vendor/directives/ref.js";
export { repeat } from "./vendor/directives/repeat.js";
