/** Files dropped anywhere on the page: added to the library, unless the view takes them. */
import { toast } from "./announcements.js";
import { filesOf } from "./dropped_files.js";

/** @typedef {{says: string, take: (files: File[]) => void}} Taker */

/** @type {Taker} */
const LIBRARY = {
  says: "Drop to add to the library",
  take: (files) => import("./adding.js").then(({ addFiles }) => addFiles(files)),
};

let taker = LIBRARY;
let veil;

/** Who takes what is dropped; the library, if nobody else. @param {Taker | null} other */
export function setDropTarget(other) {
  taker = other ?? LIBRARY;
}

/** Listens for files. */
export function startDropping() {
  veil = Object.assign(document.createElement("div"), { className: "drop-veil", hidden: true });
  veil.append(document.createElement("p"));
  document.body.append(veil);
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && show(false));
  document.addEventListener("drop", dropped);
}

function over(event) {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  show(true);
}

function dropped(event) {
  if (!carriesFiles(event)) return;
  event.preventDefault(); // else the browser would open the file in the page's place
  show(false);
  const takes = taker;
  filesOf(event.dataTransfer).then(
    (files) => files.length && takes.take(files),
    (error) => toast(`What was dropped cannot be read: ${error.message}`, { urgent: true }),
  );
}

function carriesFiles({ dataTransfer }) {
  return dataTransfer?.types.includes("Files");
}

function show(shown) {
  veil.firstChild.textContent = taker.says;
  veil.hidden = !shown;
}
