/** Panels that a chip opens: one at a time, each gone when it is left. */

/** Back to the chip. @param {KeyboardEvent} event */
export function closeOnEscape(event) {
  const open = event.target.closest("details[open]");
  if (event.key !== "Escape" || !open) return;
  event.preventDefault();
  open.open = false;
  open.querySelector("summary").focus();
}

/** It goes when the focus does, or the pointer is pressed elsewhere. @param {FocusEvent} event */
export function closeOnLeaving(event) {
  const left = event.target.closest("details[open]");
  if (left && !left.contains(event.relatedTarget) && event.relatedTarget) left.open = false;
}

document.addEventListener("pointerdown", (event) => {
  for (const open of document.querySelectorAll(".chip[open]")) {
    if (!open.contains(/** @type {Node} */ (event.target))) open.open = false;
  }
});
