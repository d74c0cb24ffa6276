/** The form that asks for a size and a part of an image: what comes of it, as a picture, a link, a download, a file. */
import { installCropper } from "./cropper.js";
import { resultSize } from "./geometry.js";
import { oncePainted } from "./paint.js";
import { installResult } from "./result.js";

const form = document.querySelector("[data-resize]");
const picture = document.querySelector("[data-picture]");
const region = form.querySelector("[data-region]");
const source = { width: Number(picture.dataset.width), height: Number(picture.dataset.height) };
const value = (name) => Number(form.elements[name].value) || 0;

/** Return the part asked for, or null for the whole image. */
function part() {
  if (region.disabled || !value("cw") || !value("ch")) return null;
  return { x: value("x"), y: value("y"), width: value("cw"), height: value("ch") };
}

/** Return the query of the result, with no parameter that says nothing. */
function query() {
  const asked = [...new FormData(form)].filter(([, text]) => text !== "");
  const told = part() ? asked : asked.filter(([name]) => !["x", "y", "cw", "ch"].includes(name));
  const text = new URLSearchParams(told).toString();
  return text && `?${text}`;
}

/** Say in the empty field of a side what it is going to be. */
function foretellSides(size) {
  form.elements.w.placeholder = size.width;
  form.elements.h.placeholder = size.height;
}

function choosePreset(text, cropper) {
  const [width, height] = text ? text.split("x").map(Number) : [0, 0];
  form.elements.w.value = width || "";
  form.elements.h.value = height || "";
  form.elements.fit.value = text ? "crop" : "";
  if (!region.disabled) cropper.setRatio(width && height ? width / height : 0);
}

/** Bring the form and the cropper to life. */
export function installResizing() {
  const showResult = installResult(form, picture.querySelector("[data-image]"), source);
  const show = () => {
    const whole = part() ?? { x: 0, y: 0, ...source };
    const size = resultSize(whole, value("w"), value("h"), form.elements.fit.value);
    foretellSides(size);
    showResult(query(), whole, size);
    for (const chip of form.querySelectorAll("[data-preset]")) {
      const wanted = chip.dataset.preset || "0x0";
      chip.setAttribute("aria-pressed", String(wanted === `${value("w")}x${value("h")}`));
    }
  };
  const cropper = installCropper({ form, picture, region, source, onChange: show });
  form.addEventListener("input", oncePainted(show));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(form.action.split("?")[0] + query());
  });
  for (const chip of form.querySelectorAll("[data-preset]")) {
    chip.addEventListener("click", () => {
      choosePreset(chip.dataset.preset, cropper);
      show();
    });
  }
  form.querySelector("[data-result-reset]").addEventListener("click", () => {
    form.reset();
    cropper.end();
    show();
  });
  show();
}
