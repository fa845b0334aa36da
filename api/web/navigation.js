/** Where the page is, by the browser's history; links within the page load nothing. */
import { parsed, withPlace, written } from "./address.js";
import { Store } from "./store.js";

/** @type {Store<import("./address.js").Address>} */
export const here = new Store(parsed(location.href));

/** @type {Map<string, string>} where in each view the user was last, since the page was loaded */
const left = new Map();

/** The address that leads to a view as it was left; from within it, to its begin. @param {{name: string, path: string}} view */
export function addressOf({ name, path }) {
  return here.value.view === name ? path : (left.get(name) ?? path);
}

here.follow((address) => left.set(address.view, written(address)));
left.set(here.value.view, written(here.value));

/** Goes to an address of the page. The back button leads back, unless it takes the place of this one.
 * @param {string | import("./address.js").Address} target
 * @param {{replace?: boolean}} [how]
 */
export function go(target, { replace = false } = {}) {
  const href = typeof target === "string" ? target : written(target);
  const stays = replace || new URL(href, location.href).href === location.href;
  if (!stays) history.replaceState({ down: scrollY }, "");
  down = 0;
  history[stays ? "replaceState" : "pushState"](null, "", href);
  here.set(parsed(location.href));
}

let down = 0;

/** How far down the page was scrolled when the user left it to which they have come back; 0 if it is new. */
export function scrolledDown() {
  return down;
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
  addEventListener("popstate", ({ state }) => {
    focus = false;
    down = state?.down ?? 0;
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
