// Not a module: it has to run before the page is painted.
(() => {
  try {
    const chosen = JSON.parse(localStorage.getItem("quaere.preferences") ?? "{}").theme;
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden, or hold something else: then the system's theme is shown.
  }
})();
