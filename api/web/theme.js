/** Light or dark: as the system has it, or as was chosen. */
import { preferences, prefer } from "./preferences.js";

const NEXT = { system: "light", light: "dark", dark: "system" };

export const THEMES = { system: "As the system", light: "Light", dark: "Dark" };

/** Keeps the page in the theme that is preferred. */
export function startTheme() {
  apply(preferences.value);
  preferences.follow(apply);
}

/** System, light, dark, system, ... */
export function nextTheme() {
  prefer({ theme: NEXT[preferences.value.theme] ?? "system" });
}

function apply({ theme }) {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
}
