/** One link for all: a collection of the uploads that are done, made with their management keys. */
import { showAddress } from "./share.js";
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
    const made = await post(done(listed));
    showAddress(result.querySelector("[data-together-url_c] a"), made.url_c);
    result.querySelector("[data-together-url_m] input").value = made.url_m;
    result.querySelector("[data-together-show]").href = made.url_c;
    result.querySelector("[data-together-manage]").href = made.url_m;
    result.hidden = false;
    status.textContent = say("together_made");
  } catch (error) {
    status.textContent = error.message || say("no_network");
  }
  button.disabled = false;
}

async function post(uploads) {
  const files = uploads.map(({ answer, file }) => ({
    key: answer.url_m.split("/").pop(),
    path: file.webkitRelativePath || answer.filename,
  }));
  const terms = Object.fromEntries(uploads[0].fields.filter(([name]) => TERMS.includes(name)));
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const answer = await fetch(panel.dataset.address, {
    method: "POST",
    headers,
    body: JSON.stringify({ ...terms, files }),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error?.message);
  return said;
}
