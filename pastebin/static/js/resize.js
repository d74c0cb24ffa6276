/** The form that asks for a size and a part of an image: its address, the result's size, presets. */
import { installCropper } from "./cropper.js";
import { resultSize } from "./geometry.js";

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

/** Return the address of the result, with no parameter that says nothing. */
function address() {
  const asked = [...new FormData(form)].filter(([, text]) => text !== "");
  if (!part()) return withQuery(asked.filter(([name]) => !["x", "y", "cw", "ch"].includes(name)));
  return withQuery(asked);
}

function withQuery(pairs) {
  const query = new URLSearchParams(pairs).toString();
  return form.dataset.address + (query && `?${query}`);
}

function show() {
  form.querySelector("#resized").value = address();
  const { width, height } = resultSize(part() ?? source, value("w"), value("h"), form.elements.fit.value);
  form.querySelector("[data-result-size]").textContent = `${width} × ${height}`;
  for (const chip of form.querySelectorAll("[data-preset]")) {
    const wanted = chip.dataset.preset || "0x0";
    chip.setAttribute("aria-pressed", String(wanted === `${value("w")}x${value("h")}`));
  }
}

function choosePreset(text, cropper) {
  const [width, height] = text ? text.split("x").map(Number) : [0, 0];
  form.elements.w.value = width || "";
  form.elements.h.value = height || "";
  form.elements.fit.value = text ? "crop" : "";
  if (!region.disabled) cropper.setRatio(width && height ? width / height : 0);
  show();
}

/** Bring the form and the cropper to life. */
export function installResizing() {
  const cropper = installCropper({ form, picture, region, source, onChange: show });
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    open(new URL(address()).search ? form.action.split("?")[0] + new URL(address()).search : form.action, "_self");
  });
  for (const chip of form.querySelectorAll("[data-preset]")) {
    chip.addEventListener("click", () => choosePreset(chip.dataset.preset, cropper));
  }
  show();
}
