/** A larger look at an image: wheel, pinch, keys and buttons zoom; dragging and arrows move. */
import { clamp } from "./geometry.js";

const STEP = 1.35;
const MOVES = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * Make an image open in full at a click.
 * @param {HTMLElement} picture
 * @param {string} address of the image as it was uploaded
 */
export function installZoom(picture, address) {
  const dialog = document.querySelector("[data-zoomed]");
  const view = dialog.querySelector("[data-zoomed-view]");
  const level = dialog.querySelector("[data-zoom-level]");
  const shown = picture.querySelector("[data-image]");
  const image = new Image();
  const size = { width: Number(picture.dataset.width), height: Number(picture.dataset.height) };
  let scale = 1;
  let left = 0;
  let top = 0;

  const fitting = () => Math.min(view.clientWidth / size.width, view.clientHeight / size.height);

  function place() {
    const [width, height] = [size.width * scale, size.height * scale];
    left = width < view.clientWidth ? (view.clientWidth - width) / 2 : clamp(left, view.clientWidth - width, 0);
    top = height < view.clientHeight ? (view.clientHeight - height) / 2 : clamp(top, view.clientHeight - height, 0);
    image.style.width = `${width}px`;
    image.style.imageRendering = scale * devicePixelRatio >= 3 ? "pixelated" : "auto";
    image.style.transform = `translate(${left}px, ${top}px)`;
    level.textContent = `${Math.round(scale * 100)} %`;
  }

  /** Zoom so that the point of the image at (x, y) of the window stays there. */
  function zoomTo(next, x = view.clientWidth / 2, y = view.clientHeight / 2) {
    const fit = fitting();
    const before = scale;
    scale = clamp(next, Math.min(fit, 1) / 2, Math.max(8, fit * 4));
    left = x - ((x - left) * scale) / before;
    top = y - ((y - top) * scale) / before;
    place();
  }

  function fit() {
    scale = Math.min(1, fitting());
    place();
  }

  function show() {
    if (!image.src) {
      image.alt = shown.alt;
      image.draggable = false;
      image.src = new URL(shown.src).search ? shown.src : address;
      view.append(image);
    }
    dialog.showModal();
    fit();
    view.focus();
  }

  const pointers = new Map();
  view.addEventListener("pointerdown", (event) => {
    view.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
  });
  view.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const other = [...pointers.values()].find((pointer) => pointer.pointerId !== event.pointerId);
    pointers.set(event.pointerId, event);
    if (other) {
      const apart = (pointer) => Math.hypot(pointer.clientX - other.clientX, pointer.clientY - other.clientY) || 1;
      const middle = [(event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2];
      zoomTo((scale * apart(event)) / apart(before), ...middle);
    } else {
      left += event.clientX - before.clientX;
      top += event.clientY - before.clientY;
      place();
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    view.addEventListener(end, (event) => pointers.delete(event.pointerId));
  }
  view.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomTo(scale * Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  });
  view.addEventListener("dblclick", (event) => zoomTo(scale < 1 ? 1 : scale * 2, event.clientX, event.clientY));
  dialog.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (event.key === "+" || event.key === "=") zoomTo(scale * STEP);
    else if (event.key === "-") zoomTo(scale / STEP);
    else if (event.key === "0") fit();
    else if (move) {
      left += move[0] * 80;
      top += move[1] * 80;
      place();
    } else return;
    event.preventDefault();
  });
  for (const button of dialog.querySelectorAll("[data-zoom-by]")) {
    const by = Number(button.dataset.zoomBy);
    button.addEventListener("click", () => (by ? zoomTo(scale * STEP ** by) : fit()));
  }
  dialog.querySelector("[data-zoom-full]").addEventListener("click", () => zoomTo(1 / devicePixelRatio));
  dialog.querySelector("[data-zoom-close]").addEventListener("click", () => dialog.close());
  document.querySelector("[data-zoom]").addEventListener("click", show);
  shown.addEventListener("click", () => picture.classList.contains("cropping") || show());
  addEventListener("resize", () => dialog.open && place());
}
