/** Where the page is, by the browser's history; links within the page load nothing. */
import { parsed, withPlace, written } from "./address.js";
import { Store } from "./store.js";

/** @type {Store<import("./address.js").Address>} */
export const here = new Store(parsed(location.href));

/** Goes to an address of the page. The back button leads back, unless it takes the place of this one.
 * @param {string | import("./address.js").Address} target
 * @param {{replace?: boolean}} [how]
 */
export function go(target, { replace = false } = {}) {
  const href = typeof target === "string" ? target : written(target);
  const same = new URL(href, location.href).href === location.href;
  history[replace || same ? "replaceState" : "pushState"](null, "", href);
  here.set(parsed(location.href));
}

let focus = false;

/** Whether what was opened last is to have the focus. */
export function focusWanted() {
  return focus;
}

/** Opens words of a document beside the view. @param {import("./address.js").Place} place
 * @param {{follow?: boolean}} [how] whether the focus stays where it is, as when one goes through answers
 */
export function open(place, { follow = false } = {}) {
  focus = !follow;
  const reading = here.value.place !== null;
  go(withPlace(here.value, place), { replace: reading });
}

/** Closes what is open beside the view. */
export function close() {
  if (here.value.view === "document") go("/");
  else if (here.value.place) go(withPlace(here.value, null));
}

/** Follows the browser's buttons, and links within the page. */
export function startNavigation() {
  addEventListener("popstate", () => {
    focus = false;
    here.set(parsed(location.href));
  });
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || !follows(event, link)) return;
    event.preventDefault();
    go(link.href);
  });
}

function follows(event, link) {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  const ours = link.origin === location.origin && parsed(link.href).view !== "missing";
  const inPage = link.getAttribute("href").startsWith("#");
  return plain && ours && !inPage && !event.defaultPrevented && !link.download && !link.target;
}
