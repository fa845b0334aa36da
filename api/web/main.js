/** Starts the page: shell, navigation, keys, and the view that the address names. */
import { actOnNewest, announce, startAnnouncements } from "./announcements.js";
import { sameQuery } from "./address.js";
import { connection, lost } from "./connection.js";
import { startDropping } from "./dropping.js";
import { showHelp } from "./help.js";
import { setShortcuts, startKeyboard } from "./keyboard.js";
import { askForKey } from "./key_dialog.js";
import { addressOf, go, here, scrolledDown, startNavigation } from "./navigation.js";
import { startKeeping } from "./notebook_server.js";
import { whenKeyIsNeeded } from "./service.js";
import { places, startShell } from "./shell.js";
import { startTheme } from "./theme.js";
import { VIEWS } from "./views.js";

/** @type {{address: import("./address.js").Address, view: import("./views.js").View} | null} */
let shown = null;
let latest = 0;

/** Shows what an address names; of two that are still being loaded, the later. */
async function show(address) {
  const turn = ++latest;
  if (address.view === "missing") return go("/", { replace: true });
  if (shown && shown.address.view === address.view) {
    const before = shown.address;
    shown.address = address;
    if (!sameQuery(before, address)) shown.view.update?.(address);
    document.title = titled(shown.view, address);
  } else {
    const row = VIEWS.find((one) => one.name === address.view);
    const view = (await loaded(row.load()))?.view;
    if (!view || turn !== latest) return;
    const first = shown === null;
    enter(row, view, address);
    if (!first) arrive(row);
  }
  await showReader(address);
}

/** A module; null while the service is away: then it is loaded when the service is back. */
async function loaded(module) {
  try {
    return await module;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    lost();
    return null;
  }
}

function enter(row, view, address) {
  shown?.view.leave?.();
  shown = { address, view };
  const host = document.createElement("div");
  places.view.replaceChildren(host);
  setShortcuts("This view", view.shortcuts);
  document.body.dataset.view = row.name;
  document.title = titled(view, address);
  view.enter(host, address);
}

/** Screen readers are told; the focus goes where a new page's would, unless the view put it. */
function arrive({ label }) {
  announce(label);
  scrollTo(0, scrolledDown());
  if (!places.view.contains(document.activeElement)) places.view.focus({ preventScroll: true });
}

function titled(view, address) {
  return `${view.title(address)} – Quaere`;
}

async function showReader(address) {
  if (!address.place && places.reader.hidden) return;
  const reader = await loaded(import("./reader.js"));
  reader?.showIn(places.reader, here.value);
}

startAnnouncements(document.body);
startTheme();
whenKeyIsNeeded(askForKey);
startShell(document.querySelector("#page"));
startNavigation();
startKeyboard();
startDropping();
setShortcuts("Everywhere", [
  { key: "?", does: "Show these keys", run: showHelp },
  { key: "/", does: "Ask", run: () => go("/") },
  { key: "u", does: "Undo, or whatever else a note offers", run: actOnNewest },
  ...VIEWS.filter((one) => one.path).map((one, number) => ({
    key: `${number + 1}`, does: one.label, run: () => go(addressOf(one)),
  })),
]);
here.follow(show);
connection.follow((now) => now === "here" && show(here.value));
show(here.value);
startKeeping();
