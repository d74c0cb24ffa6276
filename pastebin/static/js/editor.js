/** The editor: a text with a title and a language becomes a file. */
import { tell } from "./copy.js";
import * as drafts from "./draft.js";
import * as formats from "./formats.js";
import { oncePainted } from "./paint.js";
import { say } from "./words.js";

const TEXT_LIMIT = 2 * 2 ** 20; // more than this is a file rather than something to edit

const form = document.getElementById("editor");
const area = document.getElementById("editor-text");
const title = document.getElementById("editor-title");
const language = document.getElementById("editor-language");
const count = form.querySelector("[data-count]");
const clearing = form.querySelector("[data-clear]");
let keeping; // the timer of the draft
let isKept = true;
let chosen = drafts.restored?.language ?? ""; // of a draft, until there are languages to choose from

/** Bring the editor to life; `take` gets the file that a text becomes, and the text. */
export function installEditor(take) {
  form.addEventListener("submit", async () => {
    if (!area.value) {
      tell(say("no_text"));
      area.focus();
      return;
    }
    await prepareEditor();
    const text = area.value;
    take(fileOf(text), text);
  });
  form.addEventListener("input", oncePainted(show));
  form.addEventListener("input", keepSoon);
  addEventListener("pagehide", keep);
  area.addEventListener("keydown", onKey);
  clearing.addEventListener("click", clear);
  form.querySelector("[data-wrap]").addEventListener("change", (event) => {
    area.wrap = event.target.checked ? "soft" : "off";
  });
  show();
}

/** Tell whether there is a text that would be lost with the page. */
export function wouldLoseText() {
  keep();
  return !isKept && area.value !== "";
}

/** Tell whether somebody is writing here. */
export const hasText = () => area.value !== "";

/** Take the text away, so that undo brings it back, and what belongs to it. */
function clear() {
  area.focus();
  area.select();
  if (!document.execCommand("delete")) area.value = "";
  title.value = language.value = "";
  keep();
  show();
}

/** Begin anew after a text was shared, unless another one is being written already. */
export function finish(text) {
  if (area.value !== text) return;
  area.value = title.value = language.value = "";
  keep();
  show();
}

function keepSoon() {
  clearTimeout(keeping);
  keeping = setTimeout(keep, 300);
}

function keep() {
  clearTimeout(keeping);
  const draft = { text: area.value, title: title.value, language: language.value || chosen };
  if (draft.text || draft.title) isKept = drafts.keep(draft);
  else drafts.drop();
}

let languages; // the module; who shares files never needs it
let loading;

/** Get the languages that a text may be in; a failure leaves none to choose from and none to guess. */
export function prepareEditor() {
  loading ??= import("./languages.js").then(
    (module) => {
      languages = module;
      const options = [...module.LANGUAGES].map(([name, suffix]) => new Option(name, suffix));
      language.append(new Option(say("plain"), module.PLAIN), ...options);
      language.value = chosen;
      chosen = "";
      show();
    },
    () => {
      loading = undefined;
    },
  );
  return loading;
}

const guess = (text) => languages?.guess(text) ?? "txt";

/** Put a text into the editor. */
export function fill(text, name = "") {
  area.value = text;
  if (name) title.value = name;
  show();
  keep();
  area.focus();
  area.setSelectionRange(0, 0);
  area.scrollTop = 0;
}

/** Fill the editor from a dropped text file. Returns whether the file was one. */
export async function fillFrom(file) {
  if (file.size > TEXT_LIMIT) return false;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    if (text.includes("\0")) return false;
    fill(text, file.name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Fill the editor with a copy of a file of this service.
 * @param {string} filehash its public name
 * @returns {Promise<boolean>} whether it is a text that may be read, and not too long
 */
export async function fillFromAddress(home, filehash) {
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(`${home}p/${encodeURIComponent(filehash)}`, { headers });
    const { filename, url_i: address } = await answer.json();
    const content = await fetch(new URL(address).pathname);
    return content.ok && (await fillFrom(new File([await content.blob()], filename)));
  } catch {
    return false;
  }
}

function fileOf(text) {
  const name = title.value.trim().replaceAll("/", "-") || say("untitled");
  const suffix = suffixOf(name) && !language.value ? "" : `.${language.value || guess(text)}`;
  const file = new File([text], name.toLowerCase().endsWith(suffix) ? name : name + suffix, { type: "text/plain" });
  return Object.assign(file, { isTyped: true });
}

/** Return the suffix a title brings along, as in `setup.cfg`; `v1.2` has none. */
function suffixOf(name) {
  return /\.([a-z][a-z0-9]{0,9})$/i.exec(name)?.[1].toLowerCase() ?? "";
}

function show() {
  const text = area.value;
  const suffix = suffixOf(title.value.trim()) || (text ? guess(text) : "");
  const name = [...(languages?.LANGUAGES ?? [])].find(([, known]) => known === suffix)?.[0];
  language.options[0].textContent = name ? say("guessed", { language: name }) : say("guessed_none");
  clearing.hidden = !text;
  const lines = text ? text.replace(/\n$/, "").split("\n").length : 0;
  count.textContent = say(lines === 1 ? "one_line" : "lines", { lines: formats.number(lines), size: formats.size(new Blob([text]).size) });
}

let leaving = false; // after Escape, Tab moves the focus as everywhere else

function onKey(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Escape") {
    leaving = true;
    return;
  } else if (event.key === "Tab" && !leaving && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    if (event.shiftKey) outdent();
    else insert("    ");
  }
  if (event.key !== "Shift") leaving = false;
}

/** Type a text where the cursor is, so that undo knows about it. */
function insert(text) {
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
}

function outdent() {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const [indent] = /^(?: {1,4}|\t)?/.exec(area.value.slice(start));
  if (!indent) return;
  const cursor = Math.max(start, area.selectionStart - indent.length);
  area.setRangeText("", start, start + indent.length, "preserve");
  area.setSelectionRange(cursor, cursor);
}
