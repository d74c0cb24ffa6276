/** One link for all: a collection of the uploads that are done. */
import { collect, keyOf, showLinks } from "./collecting.js";
import { say } from "./words.js";

const TERMS = ["expires", "downloads", "password", "visibility", "title"];

const panel = document.querySelector("[data-together]");
const button = panel.querySelector("[data-together-make]");
const result = panel.querySelector("[data-together-result]");
const status = panel.querySelector("[data-together-status]");
let listed = [];

button.addEventListener("click", make);

/** Offer one link for uploads, while there are two or more that can be put together. */
export function showTogether(uploads) {
  listed = uploads;
  panel.hidden = uploads.length < 2;
  button.disabled = done(uploads).length < 2 || done(uploads).length < uploads.length;
}

const done = (uploads) => uploads.filter((upload) => upload.state === "done" && !upload.isDeleted);

async function make() {
  button.disabled = true;
  try {
    showLinks(result, await collected(done(listed)));
    status.textContent = say("together_made");
  } catch (error) {
    status.textContent = error.message || say("no_network");
  }
  button.disabled = false;
}

function collected(uploads) {
  const files = uploads.map(({ answer, file }) => ({ key: keyOf(answer.url_m), path: file.webkitRelativePath || answer.filename }));
  const terms = Object.fromEntries(uploads[0].fields.filter(([name]) => TERMS.includes(name)));
  return collect(panel.dataset.address, files, terms);
}
