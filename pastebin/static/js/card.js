/** An upload as people see it: a card with progress, then with links. */
import { copy, tell } from "./copy.js";
import * as formats from "./formats.js";
import { remember } from "./records.js";
import { fillShares, installWebShare, showAddress } from "./share.js";
import { showThumb } from "./thumbs.js";
import { localTime } from "./times.js";
import { knows, say } from "./words.js";

const template = document.getElementById("card");
const announcer = document.querySelector("[data-announce]");
let count = 0;

/**
 * Make the card of an upload.
 * @param {import("./queue.js").Upload} upload
 * @param {{retry: () => void, dismiss: () => void, ended: () => void}} actions; `ended` when its file is deleted
 * @returns {HTMLLIElement}
 */
export function makeCard(upload, { retry, dismiss, ended }) {
  const card = template.content.firstElementChild.cloneNode(true);
  count += 1;
  for (const field of card.querySelectorAll("[id]")) field.id += `-${count}`;
  for (const label of card.querySelectorAll("[for]")) label.htmlFor += `-${count}`;
  for (const named of card.querySelectorAll("[aria-labelledby]")) {
    named.setAttribute("aria-labelledby", named.getAttribute("aria-labelledby").replaceAll(/\S+/g, `$&-${count}`));
  }
  const part = (name) => card.querySelector(`[data-${name}]`);
  part("name").textContent = upload.file.name;
  part("progress").setAttribute("aria-label", `${part("progress").getAttribute("aria-label")}: ${upload.file.name}`);
  part("cancel").addEventListener("click", () => upload.cancel());
  for (const [name, other, isPaused] of [["pause", "go-on", true], ["go-on", "pause", false]]) {
    part(name).addEventListener("click", () => {
      upload.pausing.set(isPaused);
      showState(card, upload);
      part(other).focus();
    });
  }
  part("retry").addEventListener("click", retry);
  // Where Cancel was a moment ago: the second tap of two must not take the card away.
  part("dismiss").addEventListener("click", () => Date.now() - upload.endedAt > 600 && dismiss());
  part("delete").addEventListener("click", () => startDeleting(card, upload, ended));
  part("unfold").setAttribute("aria-label", `${part("unfold").getAttribute("aria-label")}: ${upload.file.name}`);
  part("unfold").addEventListener("click", () => {
    part("unfold").setAttribute("aria-expanded", String(card.classList.toggle("unfolded")));
  });
  part("row-copy").addEventListener("click", () => copy(upload.answer.url_s));
  return card;
}

/** Bring a card up to date with its upload. */
export function showState(card, upload) {
  const part = (name) => card.querySelector(`[data-${name}]`);
  const { state } = upload;
  const hadFocus = card.contains(document.activeElement);
  const changed = card.dataset.state !== state;
  card.dataset.state = state;
  const ended = ["done", "failed", "cancelled"].includes(state);
  part("cancel").hidden = ended;
  const canPause = upload.isResumable && state === "sending" && upload.note !== "elsewhere";
  part("pause").hidden = !canPause || upload.pausing.isPaused;
  part("go-on").hidden = !canPause || !upload.pausing.isPaused;
  part("dismiss").hidden = !ended;
  part("retry").hidden = !canRetry(upload);
  part("progress").hidden = ended;
  if (state === "storing" || !upload.total) part("progress").removeAttribute("value");
  else part("progress").value = upload.sent / upload.total;
  part("status").textContent = statusOf(upload);
  if (!changed || !ended) return;
  upload.endedAt = Date.now();
  if (state === "done") showResult(card, part, upload);
  else announce("failed_for", { name: upload.file.name, reason: statusOf(upload) });
  if (hadFocus && !card.contains(document.activeElement)) part(canRetry(upload) ? "retry" : "dismiss").focus();
}

function canRetry({ state, error }) {
  return state === "cancelled" || (state === "failed" && error.retry !== false);
}

function showResult(card, part, upload) {
  const { answer, file } = upload;
  part("name").textContent = answer.filename;
  part("page").href = answer.url_p;
  part("download").href = answer.url_d;
  part("download").hidden = answer.downloads_left !== null; // its page has the button that takes one
  part("manage").href = answer.url_m;
  fillShares(card, answer);
  installWebShare(part("web-share"), answer);
  showAddress(part("row-link"), answer.url_s);
  part("row-copy").setAttribute("aria-label", `${part("row-copy").getAttribute("aria-label")}: ${answer.filename}`);
  part("result").hidden = false;
  upload.entry = remember(answer, file.size, isLocked(upload));
  if (answer.type === "image" && !upload.entry.isRestricted) showThumb(part("thumb"), answer.url_i);
  announce("ready_for", { name: answer.filename });
}

const isLocked = ({ fields }) => fields.some(([name]) => name === "password");

/** Wait before the file is deleted, with a way back. */
async function startDeleting(card, upload, ended) {
  const { deleteLater } = await import("./deleting.js"); // there already: the history that the upload began has it
  const part = (name) => card.querySelector(`[data-${name}]`);
  const { filename } = upload.answer;
  const show = (state, status) => {
    card.dataset.state = state;
    part("status").textContent = status;
    part("result").hidden = state !== "done";
    part("undo").hidden = state !== "ending";
    part("dismiss").hidden = state === "ending";
  };
  const stay = () => show("done", statusOf(upload));
  const undo = deleteLater(upload.entry, {
    ended: (isShared) => {
      const hadFocus = card.contains(document.activeElement);
      show("deleted", say(isShared ? "deleted_shared" : "deleted"));
      upload.isDeleted = true;
      announce("failed_for", { name: filename, reason: part("status").textContent });
      if (hadFocus) part("dismiss").focus();
      ended();
    },
    failed: () => {
      stay();
      tell(say("not_deleted"));
    },
  });
  part("undo").onclick = () => {
    undo();
    stay();
    announce("kept_for", { name: filename });
    part("delete").focus();
  };
  show("ending", say("deleting"));
  part("undo").focus();
  announce("deleting_for", { name: filename });
}

function statusOf(upload) {
  const { state, sent, total, speed, created, error, file } = upload;
  switch (state) {
    case "sending":
      return upload.note ? held(upload) : sending(sent, total, speed);
    case "storing":
      return say("storing");
    case "done":
      return [formats.size(file.size), say(created ? "created" : "found"), ...termsOf(upload)].join(" · ");
    case "waiting":
      return upload.isRemote ? say("waiting") : `${formats.size(total)} · ${say("waiting")}`;
    default:
      return reason(error);
  }
}

function termsOf(upload) {
  const { expires, downloads_left: left } = upload.answer;
  return [
    expires && say("expires", { when: localTime(new Date(expires)) }),
    left && (left === 1 ? say("one_download") : say("downloads", { number: formats.number(left) })),
    isLocked(upload) && say("password"),
  ].filter(Boolean);
}

/** Return how far a resumable upload is, and why it waits. */
function held({ note, sent, total }) {
  return [say("sending", { sent: formats.size(sent), total: formats.size(total) }), say(note)].join(" · ");
}

function sending(sent, total, speed) {
  if (!total && !sent) return say("waiting"); // for another server
  const far = total ? say("sending", { sent: formats.size(sent), total: formats.size(total) }) : formats.size(sent);
  const parts = [far];
  if (speed > 0) {
    parts.push(say("speed", { speed: formats.size(Math.round(speed)) }));
    if (total) parts.push(say("left", { time: formats.duration((total - sent) / speed) }));
  }
  return parts.join(" · ");
}

/** Return why an upload failed, in the reader's language where the reason is one we know. */
function reason({ code, message, status, values }) {
  if (knows(code)) return say(code, { status, message, ...values });
  return message || say("failed", { status });
}

function announce(key, values) {
  announcer.textContent = say(key, values);
}
