/** The views of the page, one module each. A module exports `view`.
 *
 * @typedef {object} View
 * @property {(address: import("./address.js").Address) => string} title of the browser's tab
 * @property {(host: HTMLElement, address: import("./address.js").Address) => void} enter
 *   shows itself in the host, which is empty
 * @property {(address: import("./address.js").Address) => void} [update] same view, other query
 * @property {() => void} [leave] ends what it began; its host is thrown away
 * @property {import("./keyboard.js").Shortcut[]} [shortcuts]
 *
 * @typedef {{name: string, path: string | null, label: string, load: () => Promise<{view: View}>}} Row
 */

/** In the order of the navigation; what has no path is not in it. @type {Row[]} */
export const VIEWS = [
  { name: "ask", path: "/", label: "Ask", load: () => import("./ask.js") },
  { name: "library", path: "/library", label: "Library", load: () => import("./library.js") },
  { name: "notebook", path: "/notebook", label: "Notebook", load: () => import("./notebook.js") },
  { name: "verify", path: "/verify", label: "Verify", load: () => import("./verify.js") },
  { name: "document", path: null, label: "Read", load: () => import("./document.js") },
];
