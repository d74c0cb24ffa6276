/** What was shared from this browser, kept in it and nowhere else, with the keys to change and delete it. */

export const KEY = "pastebin.history";
const LIMIT = 200;
const ADDRESSES = ["url_p", "url_i", "url_s"];

const isAddress = (text) => /^https?:\/\/[^/]/.test(text);

/** Tell whether an entry has addresses, and no others than those of the web. */
const isWhole = (entry) =>
  ADDRESSES.every((name) => isAddress(entry?.[name])) && [entry.keys ?? []].flat().every(isAddress);

/** Return the entries, newest first; none where the browser keeps nothing or holds nonsense. */
export function read() {
  try {
    const entries = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(entries) ? entries.filter(isWhole).filter(isAlive) : [];
  } catch {
    return [];
  }
}

const isAlive = ({ expires }) => !expires || !(Date.parse(expires) <= Date.now());

/** Keep some entries, and no others. */
export function write(entries) {
  try {
    if (entries.length) localStorage.setItem(KEY, JSON.stringify(entries.slice(0, LIMIT)));
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing, or has no room left: the page works without.
  }
}

/**
 * Remember a file as `POST /` described it. Who shared it before holds it by more than one key.
 * @returns {object} its entry
 */
export function remember(file, bytes, isLocked) {
  const { url_p, url_i, url_s, url_m, filename, type, expires } = file;
  const entries = read();
  const before = entries.find((entry) => entry.url_p === url_p);
  const keys = [...new Set([url_m, ...(before?.keys ?? [])])];
  const isRestricted = isLocked || file.downloads_left !== null;
  const entry = { url_p, url_i, url_s, keys, filename, type, expires, isRestricted, bytes, when: Date.now() };
  write([entry, ...entries.filter((other) => other !== before)]);
  return entry;
}

/** Forget a file. */
export function forget({ url_p }) {
  write(read().filter((entry) => entry.url_p !== url_p));
}

/** Note that the file of a key has other addresses or terms now. */
export function update(file) {
  const entries = read();
  const place = entries.findIndex((entry) => entry.keys?.includes(file.url_m));
  if (place < 0) return;
  const old = entries[place];
  const others = old.url_p === file.url_p ? [] : old.keys.filter((key) => key !== file.url_m);
  const { url_p, url_i, url_s, expires } = file;
  const isRestricted = file.password || file.downloads_left !== null;
  const keys = others.length ? [file.url_m] : old.keys;
  entries[place] = { ...old, url_p, url_i, url_s, expires, isRestricted, keys };
  if (others.length) entries.splice(place + 1, 0, { ...old, keys: others });
  write(entries);
}

/** Note which files are being deleted while the page is left, so that a later page can make sure. */
export function mark(ending) {
  const pages = new Set(ending.map((entry) => entry.url_p));
  write(read().map((entry) => (pages.has(entry.url_p) ? { ...entry, isEnding: true } : entry)));
}

/** Take that note back: the file could not be deleted. */
export function unmark({ url_p }) {
  write(read().map((entry) => (entry.url_p === url_p ? { ...entry, isEnding: false } : entry)));
}
