/** Above the drop zone: uploads that were interrupted, to go on with or to give up. */
import * as formats from "./formats.js";
import { askWhoSends } from "./turns.js";
import { giveUp, offsetOf } from "./tus.js";
import { all, changes, drop, isSending, KEY, keep } from "./unfinished.js";
import { say } from "./words.js";

const section = document.querySelector("[data-interrupted]");
const list = section.querySelector("ol");
const template = document.getElementById("interrupted-item");
const announcer = document.querySelector("[data-announce]");

/** Show the list, with what the server has by now; what it does not know any more is forgotten. */
export async function installInterrupted() {
  addEventListener("storage", ({ key }) => key === KEY && show());
  changes.addEventListener("change", show);
  await show();
  const isSent = await askWhoSends();
  for (const record of all().filter(({ id }) => !isSent(id))) {
    const sent = await offsetOf(record.upload).catch(() => record.sent);
    if (sent === null) drop(record.id);
    else if (sent !== record.sent && !isSending(record.id)) keep({ ...record, sent });
  }
  await show();
}

async function show() {
  const isSent = await askWhoSends();
  const records = all().filter(({ id }) => !isSending(id));
  section.hidden = records.length === 0;
  list.replaceChildren(...records.map((record) => rowOf(record, isSent(record.id))));
}

function rowOf(record, isElsewhere) {
  const row = template.content.firstElementChild.cloneNode(true);
  const button = row.querySelector("[data-give-up]");
  const percent = formats.percent(record.size ? record.sent / record.size : 0);
  row.querySelector("[data-name]").textContent = record.name;
  row.querySelector("[data-facts]").textContent = say(isElsewhere ? "elsewhere_at" : "choose_again", {
    percent,
    size: formats.size(record.size),
  });
  button.hidden = isElsewhere;
  button.setAttribute("aria-label", `${button.textContent.trim()}: ${record.name}`);
  button.addEventListener("click", () => {
    giveUp(record.upload);
    drop(record.id);
    announcer.textContent = say("given_up", { name: record.name });
    document.querySelector("[data-choose]").focus();
  });
  return row;
}
