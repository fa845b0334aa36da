/** How what is far off comes into sight. */
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
/** In heights of what scrolls. Farther off, the way there is long, and its end may move meanwhile. */
const NEAR = 2;

/** For `scrollIntoView`. Styles cannot say it of what modules scroll. @returns {ScrollBehavior} */
export function scrolling() {
  return STILL.matches ? "instant" : "smooth";
}

/** Scrolls so that an element stands so far down. @param {Element} host which scrolls @param {Element} element
 * @param {number} down in heights of the host @param {boolean} smooth if it is near
 */
export function bring(host, element, down, smooth) {
  const way = element.getBoundingClientRect().top - host.getBoundingClientRect().top - host.clientHeight * down;
  const near = Math.abs(way) < host.clientHeight * NEAR;
  host.scrollBy({ top: way, behavior: smooth && near ? scrolling() : "instant" });
}
