/** A larger look at the pictures of a list, one after the other. */
import { installZoom } from "./zoom.js";

const buttons = [...document.querySelectorAll("[data-zoom-picture]")];
const link = document.querySelector("[data-zoom-page]");
const step = (by) => showAt((now + by + buttons.length) % buttons.length);
const show = buttons.length ? installZoom(buttons.length > 1 ? step : null) : null;
let now = 0;

function showAt(place) {
  now = place;
  const { small, original, width, height, name, page } = buttons[place].dataset;
  link.href = page;
  show({ src: small ?? original, original: small && original, width: Number(width), height: Number(height), alt: name });
}

buttons.forEach((button, place) => {
  button.addEventListener("click", () => showAt(place));
});

// Who closes it goes on at the picture that was seen last.
document.querySelector("[data-zoomed]")?.addEventListener("close", () => buttons[now].focus());
