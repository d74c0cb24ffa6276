/** What every page does: copy buttons, keys, menus, the reader's time zone, light and dark. */
import { installAgain } from "./again.js";
import { installCopying } from "./copy.js";
import { installKeys } from "./keys.js";
import { showLocalTimes } from "./times.js";
import { installThemes } from "./theme.js";

/** Close a menu by Escape, by a click elsewhere, or when the focus leaves it. */
function installMenus() {
  const around = (element) => element.closest?.("[data-menu][open]");
  document.addEventListener("keydown", (event) => {
    const menu = around(event.target);
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("focusout", (event) => {
    const menu = around(event.target);
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}

/** Let a button show what was typed into a field for a password. */
function installReveals() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    if (!button) return;
    const field = document.getElementById(button.dataset.reveal);
    field.type = field.type === "password" ? "text" : "password";
    button.setAttribute("aria-pressed", String(field.type === "text"));
  });
}

/** Take a choice that a cookie now remembers out of the address bar. */
function tidyAddress() {
  const address = new URL(location.href);
  if (!address.searchParams.has("lang") && !address.searchParams.has("theme")) return;
  address.searchParams.delete("lang");
  address.searchParams.delete("theme");
  history.replaceState(history.state, "", address);
}

installAgain();
installCopying();
installKeys();
installMenus();
installReveals();
installThemes();
showLocalTimes(document);
tidyAddress();
