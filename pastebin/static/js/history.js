/** The list of what was shared from this browser. */
import { copy, tell } from "./copy.js";
import { deleteLater, finishDeleting } from "./deleting.js";
import * as formats from "./formats.js";
import { forget, KEY, read, write } from "./records.js";
import { showThumb } from "./thumbs.js";
import { localTime } from "./times.js";
import { say } from "./words.js";

const section = document.querySelector("[data-history]");
const list = section.querySelector("[data-history-list]");
const template = document.getElementById("history-item");
const search = section.querySelector("[data-history-search]");
const more = section.querySelector("[data-history-more]");
const PAGE = 20;
const SEARCHED = 8; // entries from which on a search is worth its room
const PAUSE = 150; // milliseconds after a letter: a list takes a slow phone longer than the next letter
let limit = PAGE;
let searching; // the timer of a search
let shown = ""; // the pages in the list
let choosing; // what lets files be chosen, once that was asked for
let above = new Set(); // the pages of what is shown above the list

/** Show the list, but for what the page shows above it already. */
export function showHistory(except = above) {
  above = except;
  const { entries, wanted, found } = look();
  shown = pagesOf(found);
  list.replaceChildren(...found.slice(0, limit).map(item));
  section.hidden = entries.length === 0;
  search.closest("[data-history-searching]").hidden = entries.length < SEARCHED && !wanted;
  more.hidden = found.length <= limit;
  section.querySelector("[data-history-choose]").disabled = entries.length < 2;
}

/** Add the rows of what was found that come after so many: to make all of them anew takes a slow phone twice as long. */
function addRows(found, before) {
  shown = pagesOf(found);
  list.append(...found.slice(before, limit).map(item));
  more.hidden = found.length <= limit;
}

/** Return what there is, and what of it is searched for. */
function look() {
  const entries = read().filter((entry) => !above.has(entry.url_p) && !entry.isEnding);
  const wanted = search.value.trim().toLowerCase();
  return { entries, wanted, found: entries.filter(({ filename }) => String(filename).toLowerCase().includes(wanted)) };
}

const pagesOf = (found) => found.slice(0, limit).map(({ url_p: page }) => page).join();

/** Search when the typing rests; a letter that changes nothing costs nothing. */
function searchSoon() {
  clearTimeout(searching);
  searching = setTimeout(() => {
    const { found } = look();
    if (pagesOf(found) !== shown) showHistory();
    more.hidden = found.length <= limit;
  }, PAUSE);
}

function item(entry) {
  const row = template.content.firstElementChild.cloneNode(true);
  const find = (name) => row.querySelector(`[data-${name}]`);
  find("name").textContent = entry.filename;
  find("page").href = entry.url_p;
  find("facts").textContent = factsOf(entry);
  find("more").setAttribute("aria-label", say("more_for", { name: entry.filename }));
  find("copy-link").addEventListener("click", () => copy(entry.url_s));
  find("forget").addEventListener("click", () => {
    forget(entry);
    remove(row);
  });
  const [key] = entry.keys ?? [];
  if (key) find("manage").href = key;
  for (const name of ["manage", "delete"]) find(name).parentElement.hidden = !key;
  find("delete").addEventListener("click", () => startDeleting(row, find, entry));
  showIcon(row, entry);
  if (!entry.isRestricted) showThumb(find("thumb"), entry);
  choosing?.prepare(row, entry);
  return row;
}

/** Show what kind of file an entry is. */
function showIcon(row, { type, filename }) {
  const isText = /\.(?:txt|md|csv|json|log|ya?ml|toml|ini|xml|html?|css|js|ts|py|rb|rs|go|c|h|cpp|java|kt|sh|sql|diff)$/i.test(filename);
  const icon = row.querySelector(`[data-icon="${CSS.escape(isText ? "text" : type)}"]`);
  if (!icon) return;
  for (const other of row.querySelectorAll("[data-icon]")) {
    if (other !== icon) other.remove();
  }
  icon.hidden = false;
}

function factsOf({ bytes, filename, when, expires }) {
  const shown = (moment) => localTime(new Date(moment));
  const time = expires ? say("expires", { when: shown(expires) }) : shown(Number(when) || 0);
  const [, suffix] = /\.([a-z0-9]{1,8})$/i.exec(filename) ?? [];
  return [suffix?.toUpperCase(), formats.size(Number(bytes) || 0), time].filter(Boolean).join(" · ");
}

/** Take a row away, and go on with the one beside it. */
function remove(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const hadFocus = row.contains(document.activeElement);
  row.remove();
  section.hidden = !list.childElementCount;
  if (hadFocus) (next?.querySelector("[data-more]") ?? document.getElementById("main")).focus();
}

function startDeleting(row, find, entry) {
  const show = (isEnding) => {
    row.classList.toggle("ending", isEnding);
    find("undo").hidden = !isEnding;
    for (const part of [find("copy-link"), find("menu")]) part.hidden = isEnding;
    find("menu").open = false;
    find("facts").textContent = isEnding ? say("deleting") : factsOf(entry);
    find(isEnding ? "undo" : "more").focus();
  };
  const undo = deleteLater(entry, {
    ended: (isShared) => {
      tell(say(isShared ? "deleted_shared" : "deleted"));
      remove(row);
    },
    failed: () => {
      tell(say("not_deleted"));
      show(false);
    },
  });
  find("undo").onclick = () => {
    undo();
    show(false);
  };
  show(true);
}

/** Make the button forget everything, and finish what was begun before. */
function installHistory() {
  section.querySelector("[data-history-clear]").addEventListener("click", () => {
    if (!confirm(say("forgot_confirm"))) return;
    write([]);
    showHistory();
    document.getElementById("main").focus();
  });
  section.querySelector("[data-history-choose]").addEventListener("click", async () => {
    const { installChoosing } = await import("./choosing.js");
    choosing ??= installChoosing(section, () => showHistory());
    choosing.begin();
  });
  search.addEventListener("input", searchSoon);
  more.addEventListener("click", () => {
    const before = list.childElementCount;
    const { found } = look();
    const isAsShown = pagesOf(found) === shown;
    limit += PAGE;
    if (isAsShown) addRows(found, before);
    else showHistory();
    list.children[before]?.querySelector("[data-page]").focus();
  });
  addEventListener("storage", (event) => event.key === KEY && showHistory());
  const left = read().filter((entry) => entry.isEnding);
  if (left.length) finishDeleting(left, showHistory);
}

installHistory();
