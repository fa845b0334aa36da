/** A document by itself: the reader, which the shell shows, has the whole page. */

/** @type {import("./views.js").View} */
export const view = {
  title: () => "Read",
  enter() {},
};
