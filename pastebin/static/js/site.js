/** What every page does: copy buttons, menus, the reader's time zone, light and dark. */
import { installCopying } from "./copy.js";
import { showLocalTimes } from "./times.js";
import { installThemes } from "./theme.js";

/** Close a menu by Escape, by a click elsewhere, or when the focus leaves it. */
function installMenus() {
  for (const menu of document.querySelectorAll("[data-menu]")) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  }
}

/** Take a choice that a cookie now remembers out of the address bar. */
function tidyAddress() {
  const address = new URL(location.href);
  if (!address.searchParams.has("lang") && !address.searchParams.has("theme")) return;
  address.searchParams.delete("lang");
  address.searchParams.delete("theme");
  history.replaceState(history.state, "", address);
}

installCopying();
installMenus();
installThemes();
showLocalTimes(document);
tidyAddress();
