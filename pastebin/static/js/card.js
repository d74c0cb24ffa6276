/** An upload as people see it: a card with progress, then with links. */
import * as formats from "./formats.js";
import { remember, showThumb } from "./history.js";
import { fillShares } from "./share.js";
import { knows, say } from "./words.js";

const template = document.getElementById("card");
const announcer = document.querySelector("[data-announce]");
let count = 0;

/**
 * Make the card of an upload.
 * @param {import("./queue.js").Upload} upload
 * @param {{retry: () => void, dismiss: () => void}} actions
 * @returns {HTMLLIElement}
 */
export function makeCard(upload, { retry, dismiss }) {
  const card = template.content.firstElementChild.cloneNode(true);
  count += 1;
  for (const field of card.querySelectorAll("[id]")) field.id += `-${count}`;
  for (const label of card.querySelectorAll("[for]")) label.htmlFor += `-${count}`;
  const part = (name) => card.querySelector(`[data-${name}]`);
  part("name").textContent = upload.file.name;
  part("progress").setAttribute("aria-label", `${part("progress").getAttribute("aria-label")}: ${upload.file.name}`);
  part("cancel").addEventListener("click", () => upload.cancel());
  part("retry").addEventListener("click", retry);
  part("dismiss").addEventListener("click", dismiss);
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
  part("dismiss").hidden = !ended;
  part("retry").hidden = !canRetry(upload);
  part("progress").hidden = ended;
  if (state === "storing") part("progress").removeAttribute("value");
  else part("progress").value = upload.total ? upload.sent / upload.total : 0;
  part("status").textContent = statusOf(upload);
  if (!changed || !ended) return;
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
  fillShares(card, answer);
  part("result").hidden = false;
  if (answer.type === "image") showThumb(part("thumb"), answer.url_i);
  remember(answer, file.size);
  announce("ready_for", { name: answer.filename });
}

function statusOf({ state, sent, total, speed, created, error, file }) {
  switch (state) {
    case "sending":
      return sending(sent, total, speed);
    case "storing":
      return say("storing");
    case "done":
      return `${formats.size(file.size)} · ${say(created ? "created" : "found")}`;
    case "waiting":
      return `${formats.size(total)} · ${say("waiting")}`;
    default:
      return reason(error);
  }
}

function sending(sent, total, speed) {
  const parts = [say("sending", { sent: formats.size(sent), total: formats.size(total) })];
  if (speed > 0) {
    parts.push(say("speed", { speed: formats.size(Math.round(speed)) }));
    parts.push(say("left", { time: formats.duration((total - sent) / speed) }));
  }
  return parts.join(" · ");
}

/** Return why an upload failed, in the reader's language where the reason is one we know. */
function reason({ code, message, status, values }) {
  if (knows(code)) return say(code, { status, ...values });
  return message || say("failed", { status });
}

function announce(key, values) {
  announcer.textContent = say(key, values);
}
