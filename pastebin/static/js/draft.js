/**
 * A text that is being written: kept in this tab of the browser until it is shared or cleared. On a slow line this
 * module comes long before those that do something with the text, so it puts the text back by itself.
 */

const KEY = "pastebin.draft";

const editor = document.getElementById("editor");

/** What was being written when the page came, as `keep` was given it; null if nothing was. */
export const restored = read();

function read() {
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

if (restored) {
  document.querySelector("[data-modes] [value=text]").checked = true;
  document.getElementById("files").hidden = true;
  editor.hidden = false;
  document.getElementById("editor-text").value = restored.text;
  document.getElementById("editor-title").value = restored.title;
}
editor.addEventListener("submit", (event) => event.preventDefault()); // also while nothing else is here
