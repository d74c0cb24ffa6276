/** What can be done with all uploads of the page at once, and how far they are. */
import { copy } from "./copy.js";
import * as formats from "./formats.js";
import { say } from "./words.js";

const bar = document.querySelector("[data-batch]");
const find = (name) => bar.querySelector(`[data-batch-${name}]`);
let listed = [];
let dismiss;

const isDone = ({ state, isDeleted }) => state === "done" && !isDeleted;
const isUnderWay = ({ state }) => ["waiting", "sending", "storing"].includes(state);

find("copy").addEventListener("click", () => copy(links().join("\n")));
find("cancel").addEventListener("click", () => {
  for (const upload of listed.filter(isUnderWay)) upload.cancel();
});
find("clear").addEventListener("click", () => {
  for (const upload of listed.filter((one) => !isUnderWay(one))) dismiss(upload);
});

/** Return the short links, in the order in which the files were chosen. */
const links = () => listed.filter(isDone).map(({ answer }) => answer.url_s);

/**
 * Show the bar while there are two uploads or more.
 * @param {import("./queue.js").Upload[]} uploads
 * @param {(upload: import("./queue.js").Upload) => void} dismissOne takes an upload from the page
 */
export function showBatch(uploads, dismissOne) {
  [listed, dismiss] = [uploads, dismissOne];
  bar.hidden = uploads.length < 2;
  const [ready, total] = [links().length, uploads.length];
  find("count").textContent = say("ready_of", { ready: formats.number(ready), total: formats.number(total) });
  const sum = (count) => uploads.reduce((all, upload) => all + count(upload), 0);
  find("progress").value = sum(sentOf) / (sum(({ file }) => file.size) || 1);
  find("progress").hidden = !uploads.some(isUnderWay);
  find("copy").disabled = ready === 0;
  find("cancel").hidden = !uploads.some(isUnderWay);
  find("clear").hidden = uploads.every(isUnderWay);
}

function sentOf(upload) {
  return isUnderWay(upload) ? Math.min(upload.sent, upload.file.size) : upload.file.size;
}
