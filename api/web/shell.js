/** What stands around the views: navigation, theme, help, the reader's place, the state of the line. */
import { announce } from "./announcements.js";
import { connection, look } from "./connection.js";
import { showHelp } from "./help.js";
import { icon } from "./icons.js";
import { html, nothing, render } from "./lit.js";
import { addressOf, here } from "./navigation.js";
import { list as saved, notebook } from "./notebook_store.js";
import { preferences } from "./preferences.js";
import { nextTheme, THEMES } from "./theme.js";
import { VIEWS } from "./views.js";

const THEME_ICONS = { system: "system", light: "sun", dark: "moon" };

/** @type {{view: HTMLElement, reader: HTMLElement}} */
export const places = { view: null, reader: null };

/** Draws the shell, and again whenever what it shows changes. @param {HTMLElement} host */
export function startShell(host) {
  host.textContent = "";
  const paint = () => render(drawn(), host);
  paint();
  places.view = host.querySelector("#view");
  places.reader = host.querySelector("#reader");
  for (const store of [here, preferences, connection, notebook]) store.follow(paint);
  // What is drawn together with its words is not told by every screen reader.
  connection.follow((now) => announce(now === "away" ? "The service cannot be reached." : "The service is back."));
}

function drawn() {
  return html`
    <a class="skip" href="#view" @click=${skip}>Skip to the content</a>
    <header class="top">
      <a class="wordmark" href="/">Quaere</a>
      <nav aria-label="Views">${VIEWS.filter((one) => one.path).map(tab)}</nav>
      <div class="tools">
        <button class="plain icon" aria-label=${`Theme: ${THEMES[preferences.value.theme]}`}
          title=${`Theme: ${THEMES[preferences.value.theme]}`} @click=${nextTheme}>
          ${icon(THEME_ICONS[preferences.value.theme])}</button>
        <button class="plain icon" aria-label="Keyboard help" title="Keyboard help (?)" @click=${showHelp}>
          ${icon("keyboard")}</button>
      </div>
    </header>
    ${connection.value === "away" ? away() : nothing}
    <div class="work">
      <main id="view" tabindex="-1"></main>
      <aside id="reader" aria-label="Reader" hidden></aside>
    </div>`;
}

function tab(view) {
  const { name, label } = view;
  const current = here.value.view === name;
  const count = name === "notebook" ? saved().length : 0;
  return html`<a href=${addressOf(view)} aria-current=${current ? "page" : nothing}>
    ${icon(name)}<span>${label}</span>${count ? html`<span class="count"> ${count}<span class="unseen"> saved</span></span>` : nothing}</a>`;
}

function away() {
  return html`<div class="away">${icon("away")}
    <span>The service is away. What is open stays; the page goes on by itself when it is back.</span>
    <button class="plain" @click=${look}>Try now</button></div>`;
}

function skip(event) {
  event.preventDefault();
  const reads = here.value.view === "document";
  (reads ? places.reader.querySelector(".reader-body") : places.view)?.focus();
}
