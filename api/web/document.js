/** A document by itself: the reader, which the shell shows, has the whole page. */
import { reading } from "./reading.js";
import { titleOf } from "./sources.js";

let end = () => {};

/** @type {import("./views.js").View} */
export const view = {
  title: () => (reading.value.document ? titleOf(reading.value.document) : "Read"),
  enter() {
    end = reading.follow(({ document: opened }) => {
      if (opened) document.title = `${titleOf(opened)} – Quaere`;
    });
  },
  leave: () => end(),
};
