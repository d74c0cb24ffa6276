/** A text that is being written: kept in this tab of the browser until it is shared or cleared. */

const KEY = "pastebin.draft";

/** Return what was being written, as `keep` was given it; null if nothing was. */
export function read() {
  try {
    const { text, title, language } = JSON.parse(sessionStorage.getItem(KEY));
    return { text: String(text), title: String(title), language: String(language) };
  } catch {
    return null; // nothing is kept, or nonsense
  }
}

/** Keep a text with its title and language. Returns whether the browser has the room and the leave to. */
export function keep(draft) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** Keep nothing more. */
export function drop() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing.
  }
}
