/** The upload page: files come in, cards come out. */
import { makeCard, showState } from "./card.js";
import { tell } from "./copy.js";
import { restored } from "./draft.js";
import { fill, fillFrom, fillFromAddress, finish, hasText, installEditor, prepareEditor, wouldLoseText } from "./editor.js";
import * as formats from "./formats.js";
import { chosenOptions, foldOptions, installOptions, moveOptions } from "./options.js";
import { Queue, Upload } from "./queue.js";
import { read } from "./records.js";
import { installSources } from "./sources.js";
import { TransferError } from "./transfer.js";
import { say } from "./words.js";

const form = document.getElementById("files");
const editor = document.getElementById("editor");
const remote = document.getElementById("remote"); // not there where nothing is fetched
const section = document.querySelector("[data-uploads]");
const cards = document.querySelector("[data-cards]");
const limit = Number(form.dataset.maxSize);
const ENDED = ["done", "failed", "cancelled"];
const queue = new Queue(form.action);
const shown = new Map(); // upload → its card

/** Upload files, each with a card of its own. */
function take(files) {
  const fields = chosenOptions();
  if (!fields) return;
  const added = files.map((file) => add(file, fields));
  showSection();
  if (added.length) show(added[0]);
}

/** Upload what was written. Its page opens when it is there, unless that asks for a password or breaks something off. */
function takeText(file, text) {
  const fields = chosenOptions();
  if (!fields) return;
  const upload = add(file, fields, (state) => {
    editor.querySelector(".primary").disabled = !ENDED.includes(state);
    if (state !== "done") return;
    finish(text);
    if (!isLocked(upload) && !isBusy()) location.assign(upload.answer.url_p);
  });
  showSection();
  show(upload);
}

/** Have an address fetched, with a card of its own; tell whether that has begun. */
function takeAddress(file) {
  const fields = chosenOptions();
  if (!fields) return false;
  const upload = add(file, fields);
  showSection();
  show(upload);
  return true;
}

const isLocked = ({ fields }) => fields.some(([name]) => name === "password");
const isBusy = () => [...shown.keys()].some(({ state }) => !ENDED.includes(state));

/** Scroll an upload into view: when it comes, and when its links are there. */
function show(upload) {
  shown.get(upload)?.scrollIntoView({ block: "nearest" });
}

/** Show the list of uploads while there are any, and leave it the room. */
function showSection() {
  section.hidden = shown.size === 0;
  document.body.classList.toggle("listing", shown.size > 0);
  if (shown.size) foldOptions();
  cards.classList.toggle("many", shown.size > 1);
  offerTogether();
}

let together; // the module of one link for all

/** Offer what is good for several files once there are several; before that nothing of it is needed. */
async function offerTogether() {
  if (!together && shown.size < 2) return;
  together ??= Promise.all([import("./together.js"), import("./batch.js")]);
  const [{ showTogether }, { showBatch }] = await together;
  const uploads = [...shown.keys()];
  showTogether(uploads);
  showBatch(uploads, dismiss);
}

function add(file, fields, onChange = () => {}) {
  const upload = new Upload(file, fields);
  const actions = { retry: () => queue.add(upload), dismiss: () => dismiss(upload), ended: listShared };
  const card = makeCard(upload, actions);
  shown.set(upload, card);
  cards.prepend(card);
  upload.onChange = () => {
    showState(card, upload);
    if (upload.state === "done") listShared();
    if (upload.state === "done" && shown.size === 1) show(upload);
    offerTogether();
    onChange(upload.state);
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
  listShared();
}

/** List what was shared from this browser, but for what stands above as a card. */
function listShared() {
  const done = [...shown.keys()].filter((upload) => upload.state === "done" && !upload.isDeleted);
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
  form.hidden = mode !== "files";
  editor.hidden = mode !== "text";
  if (remote) remote.hidden = mode !== "remote";
  if (mode === "text") prepareEditor();
  moveOptions({ text: editor, remote }[mode] ?? form, mode === "text");
}

/** Let a text file that is dropped on the empty editor fill it; other files are uploaded. */
function divert(files, target) {
  if (files.length !== 1 || editor.hidden || !editor.contains(target) || hasText()) return false;
  fillFrom(files[0]).then((filled) => filled || take(files));
  return true;
}

function openEditor() {
  document.querySelector("[data-modes] [value=text]").checked = true;
  chooseMode("text");
}

/** Put a text that was pasted somewhere on the page into the editor. */
function write(text) {
  openEditor();
  if (hasText()) tell(say("has_text"));
  else fill(text);
}

/** Put a copy of a file into the editor that the address names: `#edit=<filehash>`. */
async function editCopy() {
  const [, filehash] = /^#edit=([\w.-]{1,128})$/.exec(location.hash) ?? [];
  if (!filehash) return;
  history.replaceState(null, "", location.pathname);
  openEditor();
  if (hasText()) tell(say("has_text"));
  else if (!(await fillFromAddress(form.getAttribute("action"), filehash))) tell(say("not_editable"));
}

for (const radio of document.querySelectorAll("[data-modes] input")) {
  radio.addEventListener("change", () => chooseMode(radio.value));
}
form.addEventListener("submit", (event) => event.preventDefault()); // Enter in a field of the options
installEditor(takeText);
installOptions();
installSources(take, divert, write);
if (remote) import("./remote.js").then(({ installAddresses }) => installAddresses(remote, takeAddress));
if (restored) openEditor();
editCopy();
showShared().finally(() => document.body.classList.add("settled")); // what stands below may be seen now
showInterrupted();
addEventListener("beforeunload", (event) => {
  if (isBusy() || wouldLoseText()) event.preventDefault();
});
