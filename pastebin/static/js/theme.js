/** Light, dark, or like the system: at once here, and by a cookie on every page that comes. */

import { afterPaint } from "./paint.js";

const YEAR = 365 * 24 * 60 * 60;

/** Remember a choice for pages that come: they are made with it, so that nothing changes once they are seen. */
export function remember(name, value) {
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
}

function apply(theme) {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  document.querySelector("meta[name=color-scheme]").content = theme === "system" ? "light dark" : theme;
}

/** Make the links of the appearance menu act without loading the page again. */
export function installThemes() {
  const menu = document.querySelector("[data-themes]");
  menu.addEventListener("click", (event) => {
    const link = event.target.closest("[data-theme-choice]");
    if (!link) return;
    event.preventDefault();
    const { themeChoice: theme } = link.dataset;
    remember("theme", theme);
    afterPaint(() => apply(theme)); // another colour for every part of a page that may be long
    menu.querySelector("[aria-current]")?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    const details = menu.closest("details");
    details.open = false;
    details.querySelector("summary").focus();
  });
}
