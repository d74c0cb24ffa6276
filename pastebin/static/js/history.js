/** What was shared from this browser, kept in it and nowhere else. */
import { copy } from "./copy.js";
import * as formats from "./formats.js";
import { localTime } from "./times.js";
import { say } from "./words.js";

const KEY = "pastebin.history";
const LIMIT = 200;

const section = document.querySelector("[data-history]");
const list = section.querySelector("[data-history-list]");
const template = document.getElementById("history-item");

/** Return the entries, newest first; none where the browser keeps nothing or holds nonsense. */
function read() {
  try {
    const entries = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(entries) ? entries.filter(isWhole) : [];
  } catch {
    return [];
  }
}

/** Tell whether an entry has addresses, and no others than those of the web. */
const isWhole = (entry) => ["url_p", "url_i", "url_s"].every((name) => /^https?:\/\/[^/]/.test(entry?.[name]));

function write(entries) {
  try {
    if (entries.length) localStorage.setItem(KEY, JSON.stringify(entries.slice(0, LIMIT)));
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing, or has no room left: the page works without.
  }
}

/** Remember a file as `POST /` described it. */
export function remember(file, bytes) {
  const { url_p, url_i, url_s, filename, type } = file;
  const others = read().filter((entry) => entry.url_p !== url_p);
  write([{ url_p, url_i, url_s, filename, type, bytes, when: Date.now() }, ...others]);
}

/** Show the list, but for what the page shows above it already. */
export function showHistory(except = new Set()) {
  const entries = read().filter((entry) => !except.has(entry.url_p));
  list.replaceChildren(...entries.map(item));
  section.hidden = entries.length === 0;
}

function item(entry) {
  const element = template.content.cloneNode(true);
  const find = (name) => element.querySelector(`[data-${name}]`);
  find("name").textContent = entry.filename;
  find("page").href = entry.url_p;
  find("size").textContent = formats.size(Number(entry.bytes) || 0);
  find("when").textContent = localTime(new Date(Number(entry.when) || 0));
  find("copy-link").addEventListener("click", () => copy(entry.url_s));
  find("forget").addEventListener("click", (event) => {
    write(read().filter((other) => other.url_p !== entry.url_p));
    const row = event.currentTarget.closest("li");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    section.hidden = !list.childElementCount;
    next?.querySelector("[data-forget]").focus();
  });
  if (entry.type === "image") showThumb(find("thumb"), entry.url_i);
  return element;
}

/** Lay a small picture of an image over its icon, once it is near the window. */
export function showThumb(place, address) {
  const picture = new Image(48, 48);
  picture.alt = "";
  picture.loading = "lazy";
  picture.src = `${new URL(address).pathname}?w=96&h=96&fit=crop`;
  picture.addEventListener("error", () => picture.remove());
  place.append(picture);
}

/** Make the button forget everything. */
export function installHistory() {
  section.querySelector("[data-history-clear]").addEventListener("click", () => {
    if (!confirm(say("forgot_confirm"))) return;
    write([]);
    showHistory();
    document.getElementById("main").focus();
  });
  addEventListener("storage", (event) => event.key === KEY && showHistory());
}
