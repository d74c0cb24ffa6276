/** The upload page: files come in, cards come out. */
import { makeCard, showState } from "./card.js";
import { fill, fillFrom, installEditor, prepareEditor } from "./editor.js";
import * as formats from "./formats.js";
import { chosenOptions, installOptions, moveOptions } from "./options.js";
import { Queue, Upload } from "./queue.js";
import { read } from "./records.js";
import { installSources } from "./sources.js";
import { TransferError } from "./transfer.js";

const form = document.getElementById("files");
const editor = document.getElementById("editor");
const section = document.querySelector("[data-uploads]");
const cards = document.querySelector("[data-cards]");
const limit = Number(form.dataset.maxSize);
const home = location.href;
const queue = new Queue(form.action);
const shown = new Map(); // upload → its card

/** Upload files, each with a card of its own. */
function take(files) {
  const fields = chosenOptions();
  if (!fields) return;
  const added = files.map((file) => add(file, fields));
  showSection();
  if (added.length) shown.get(added[0]).scrollIntoView({ block: "nearest" });
}

/** Show the list of uploads while there are any, and leave it the room. */
function showSection() {
  section.hidden = shown.size === 0;
  form.classList.toggle("compact", shown.size > 0);
  offerTogether();
}

let together; // the module of one link for all

/** Offer one link for all once there are several files; before that nothing of it is needed. */
async function offerTogether() {
  if (!together && shown.size < 2) return;
  together ??= import("./together.js");
  (await together).showTogether([...shown.keys()]);
}

function add(file, fields) {
  const upload = new Upload(file, fields);
  const actions = { retry: () => queue.add(upload), dismiss: () => dismiss(upload), ended: showAddress };
  const card = makeCard(upload, actions);
  shown.set(upload, card);
  cards.prepend(card);
  upload.onChange = () => {
    showState(card, upload);
    if (upload.state === "done") showAddress();
    offerTogether();
  };
  showState(card, upload);
  if (file.size > limit) upload.fail(tooBig(file));
  else queue.add(upload);
  return upload;
}

function tooBig(file) {
  const error = new TransferError("too_big_here", { retry: false });
  error.values = { size: formats.size(file.size), limit: formats.size(limit) };
  return error;
}

function dismiss(upload) {
  const card = shown.get(upload);
  const next = card.nextElementSibling ?? card.previousElementSibling;
  card.remove();
  shown.delete(upload);
  queue.forget(upload);
  showSection();
  (next?.querySelector("[data-dismiss]:not([hidden])") ?? document.querySelector("[data-choose]")).focus();
  showAddress();
}

/** Let the address bar show the page of the one file there is; with several, this page's own. */
function showAddress() {
  const done = [...shown.keys()].filter((upload) => upload.state === "done" && !upload.isDeleted);
  const [only] = done;
  const page = done.length === 1 && shown.size === 1 ? new URL(only.answer.url_p).pathname : home;
  history.replaceState(null, "", page);
  showShared(new Set(done.map((upload) => upload.answer.url_p)));
}

let shared; // the module of the list

/** List what was shared from this browser, but for what is above; a first visit needs nothing of it. */
async function showShared(above) {
  if (!shared && !read().length) return;
  shared ??= import("./history.js");
  (await shared).showHistory(above);
}

/** List uploads that were interrupted; most visits need nothing of it. */
async function showInterrupted() {
  if (!hasInterrupted()) return;
  (await import("./interrupted.js")).installInterrupted();
}

function hasInterrupted() {
  try {
    return localStorage.getItem("pastebin.unfinished") !== null;
  } catch {
    return false; // a browser that keeps nothing
  }
}

function chooseMode(mode) {
  form.hidden = mode === "text";
  editor.hidden = mode !== "text";
  if (mode === "text") prepareEditor();
  moveOptions(mode === "text" ? editor : form, mode === "text");
}

/** Let a text file that is dropped on the editor fill it; other files are uploaded. */
function divert(files, target) {
  if (files.length !== 1 || editor.hidden || !editor.contains(target)) return false;
  fillFrom(files[0]).then((filled) => filled || take(files));
  return true;
}

/** Put a text that was pasted somewhere on the page into the editor. */
function write(text) {
  document.querySelector("[data-modes] [value=text]").checked = true;
  chooseMode("text");
  fill(text);
}

for (const radio of document.querySelectorAll("[data-modes] input")) {
  radio.addEventListener("change", () => chooseMode(radio.value));
}
form.addEventListener("submit", (event) => event.preventDefault()); // Enter in a field of the options
installSources(take, divert, write);
installEditor(take);
installOptions();
showShared();
showInterrupted();
addEventListener("beforeunload", (event) => {
  const busy = [...shown.keys()].some((upload) => ["waiting", "sending", "storing"].includes(upload.state));
  if (busy) event.preventDefault();
});
