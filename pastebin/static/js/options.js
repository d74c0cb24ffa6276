/** The terms that uploads from this page get; all but password and title are remembered in this browser. */
import { chosenTime, installExpiry } from "./expiry.js";
import * as formats from "./formats.js";
import { say } from "./words.js";

const KEY = "pastebin.options";

const details = document.querySelector("[data-options]");
const title = details.querySelector("[data-title-field]");
const controls = [...details.querySelectorAll("input, select")];
const isNarrow = () => matchMedia("(max-width: 30rem)").matches;
const find = (name) => details.querySelector(`[name=${name}]`);
const isSeen = (value) => details.querySelector(`[name=visibility][value=${value}]`)?.checked;
const kept = controls.filter((control) => !["password", "title"].includes(control.name));

/** Bring the options to life, as they were left. */
export function installOptions() {
  installExpiry(details);
  restore();
  details.addEventListener("toggle", save);
  details.addEventListener("input", () => {
    save();
    showDigest();
  });
  showDigest();
}

/** Show the options in another form. A text has a title of its own there. */
export function moveOptions(form, hasTitle) {
  title.hidden = hasTitle;
  form.append(details);
  showDigest();
}

/** Leave the room to uploads where there is little. */
export function foldOptions() {
  if (isNarrow()) details.open = false;
}

/** Return the fields of a form; null, and a word to the reader, if one of them makes no sense. */
export function chosenOptions() {
  const wrong = controls.find((control) => !control.checkValidity());
  if (wrong) {
    details.open = true;
    wrong.reportValidity();
    return null;
  }
  return controls.filter(isGiven).map((control) => [control.name, control.value]);
}

/** Tell whether a control says something. */
function isGiven(control) {
  const isOff = control.type === "checkbox" && !control.checked;
  return Boolean(control.name && control.value) && !isOff && !(title.hidden && title.contains(control));
}

/** Say beside the folded options what they are. */
function showDigest() {
  const time = chosenTime(details.querySelector("[data-expiry]"));
  const downloads = Number(find("downloads").value);
  const parts = [
    time && say("after", { time }),
    downloads && (downloads === 1 ? say("one_download") : say("downloads", { number: formats.number(downloads) })),
    isGiven(find("password")) && say("password"),
    isGiven(find("title")) && `“${find("title").value}”`,
    isSeen("private") ? say("private") : isSeen("unlisted") && say("not_listed"),
  ];
  details.querySelector("[data-options-set]").textContent = parts.filter(Boolean).join(" · ");
}

/** Controls are remembered in order, the choice of a time of one's own by its place in the list. */
const stateOf = (control) =>
  control.type === "checkbox" ? control.checked : (control.selectedIndex ?? control.value);

function save() {
  const isFresh = !details.open && !controls.some((control) => kept.includes(control) && isGiven(control));
  try {
    if (isFresh) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify({ open: details.open, values: kept.map(stateOf) }));
  } catch {
    // A browser that keeps nothing: the page works without.
  }
}

function restore() {
  try {
    const { open, values } = JSON.parse(localStorage.getItem(KEY));
    details.open = open === true && !isNarrow();
    kept.forEach((control, place) => put(control, values[place]));
  } catch {
    // Nothing is kept, or nonsense.
  }
  details.querySelector("[data-expiry]").dispatchEvent(new Event("restore"));
}

function put(control, state) {
  if (control.type === "checkbox") control.checked = state === true;
  else if (control.options) control.selectedIndex = state in control.options ? state : 0;
  else control.value = state ?? "";
}
