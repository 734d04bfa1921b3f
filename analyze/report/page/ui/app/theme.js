import { byId } from "./dom.js";

const themes = ["auto", "light", "dark"];

/** setUpTheme lets the reader choose between light and dark; nothing is stored. */
export function setUpTheme() {
  const button = byId("theme");
  button.hidden = false;
  button.addEventListener("click", () => {
    const now = document.documentElement.dataset.theme ?? "auto";
    const next = themes[(themes.indexOf(now) + 1) % themes.length];
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    button.textContent = "Theme: " + next;
  });
}
