/** Starts the page: shell, navigation, keys, and the view that the address names. */
import { announce, startAnnouncements } from "./announcements.js";
import { sameQuery } from "./address.js";
import { startDropping } from "./dropping.js";
import { showHelp } from "./help.js";
import { setShortcuts, startKeyboard } from "./keyboard.js";
import { askForKey } from "./key_dialog.js";
import { go, here, startNavigation } from "./navigation.js";
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
    const { view } = await row.load();
    if (turn !== latest) return;
    const first = shown === null;
    enter(row, view, address);
    if (!first) arrive(row);
  }
  await showReader(address);
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
  scrollTo(0, 0);
  if (!places.view.contains(document.activeElement)) places.view.focus({ preventScroll: true });
}

function titled(view, address) {
  return `${view.title(address)} – Quaere`;
}

async function showReader(address) {
  if (!address.place && places.reader.hidden) return;
  const { showIn } = await import("./reader.js");
  showIn(places.reader, here.value);
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
  ...VIEWS.filter((one) => one.path).map(({ path, label }, number) => ({
    key: `${number + 1}`, does: label, run: () => go(path),
  })),
]);
here.follow(show);
show(here.value);
