/** The page's pictures: 20 by 20, drawn in lines of the text's colour. */
import { svg } from "./lit.js";

const PATHS = {
  ask: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4",
  library: "M4 3.5v13M8 3.5v13M11.5 4l4.5 12",
  notebook: "M5.5 3h9a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-9zM5.5 3v14M8.5 7h4M8.5 10h4",
  verify: "M3.5 10.5l4 4 9-9",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M4 16l1.4-1.4M14.6 5.4 16 4",
  moon: "M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3z",
  system: "M10 3.5a6.5 6.5 0 1 0 0 13zM10 3.5a6.5 6.5 0 1 1 0 13",
  keyboard: "M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.5h7",
  close: "M5 5l10 10M15 5 5 15",
  open: "M3 4.5h5.5A1.5 1.5 0 0 1 10 6v10a1.5 1.5 0 0 0-1.5-1.5H3zM17 4.5h-5.5A1.5 1.5 0 0 0 10 6v10a1.5 1.5 0 0 1 1.5-1.5H17z",
  quote: "M7.5 6C5 7 4 8.700 4 11v3h4v-4H5.800M15.500 6C13 7 12 8.700 12 11v3h4v-4h-2.200",
  cite: "M7 7h9v10H7zM4 13V3h9v1",
  save: "M6 3h8v14l-4-3.200L6 17z",
  previous: "M5 12l5-5 5 5",
  next: "M5 8l5 5 5-5",
  outline: "M4 5h12M7 10h9M10 15h6",
  warning: "M10 3.500 17.500 16.500h-15zM10 8.500v3.500M10 14.200v.1",
  away: "M3 3l14 14M5 10.500a7 7 0 0 1 3-1.800M12.500 9a7 7 0 0 1 2.500 1.500M2.500 7.500a11 11 0 0 1 4-2.200M10 4.500a11 11 0 0 1 7.500 3M10 15h.01",
  add: "M10 4v12M4 10h12",
  link: "M8.500 11.500a3 3 0 0 0 4.200 0l3-3a3 3 0 0 0-4.200-4.200l-.8.8M11.500 8.500a3 3 0 0 0-4.200 0l-3 3a3 3 0 0 0 4.200 4.200l.8-.8",
  edit: "M13.500 3.500l3 3L7 16H4v-3zM11.500 5.500l3 3",
  remove: "M4 6h12M8 6V4h4v2M5.500 6l.8 11h7.400l.8-11M8.500 9v5M11.500 9v5",
  sync: "M16 8A6.500 6.500 0 0 0 4.500 6M4 3v3.500h3.500M4 12a6.500 6.500 0 0 0 11.500 2M16 17v-3.500h-3.500",
  take: "M10 3v9M6 8.500l4 4 4-4M4 16.500h12",
  grip: "M7.500 5h.01M12.500 5h.01M7.500 10h.01M12.500 10h.01M7.500 15h.01M12.500 15h.01",
  like: "M4 8c2-2 4-2 6 0s4 2 6 0M4 13c2-2 4-2 6 0s4 2 6 0",
  unlike: "M4 7.500h12M4 12.500h12M13 4 7 16",
  question: "M7 7.500a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M10 15.500v.1",
  page: "M5 2.500h7l3 3v12H5zM12 2.500v3h3",
};

/** A picture beside words, or in a button that has a name. @param {keyof typeof PATHS} name */
export function icon(name) {
  return svg`<svg class="glyph" viewBox="0 0 20 20" aria-hidden="true"><path d=${PATHS[name]}></path></svg>`;
}
