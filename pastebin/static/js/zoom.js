/** A larger look at pictures: wheel, pinch, keys and buttons zoom; dragging and arrows move, or lead on. */
import { clamp } from "./geometry.js";

const STEP = 1.35;
const MOVES = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const LEADS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -1, PageDown: 1 };
const SWIPE = 60;

/**
 * @typedef {{src: string, original?: string, width: number, height: number, alt: string}} Picture
 * `src` is shown at first; `original`, with sides in pixels as given, once more than `src` has is to be seen.
 */

/**
 * Return what opens a picture in full.
 * @param {((by: number) => void) | null} step goes to the picture before (-1) or after (1), where there are several
 * @returns {(picture: Picture) => void}
 */
export function installZoom(step = null) {
  const dialog = document.querySelector("[data-zoomed]");
  const view = dialog.querySelector("[data-zoomed-view]");
  const level = dialog.querySelector("[data-zoom-level]");
  let picture = { src: "", width: 1, height: 1, alt: "" };
  let image = new Image();
  let scale = 1;
  let left = 0;
  let top = 0;

  const fitting = () => Math.min(view.clientWidth / picture.width, view.clientHeight / picture.height);
  const isFitted = () => scale <= Math.min(1, fitting()) * 1.001;

  function place() {
    const [width, height] = [picture.width * scale, picture.height * scale];
    left = width < view.clientWidth ? (view.clientWidth - width) / 2 : clamp(left, view.clientWidth - width, 0);
    top = height < view.clientHeight ? (view.clientHeight - height) / 2 : clamp(top, view.clientHeight - height, 0);
    image.style.width = `${width}px`;
    image.style.imageRendering = scale * devicePixelRatio >= 3 ? "pixelated" : "auto";
    image.style.transform = `translate(${left}px, ${top}px)`;
    level.textContent = `${Math.round(scale * 100)} %`;
    if (picture.original && !isFitted()) {
      image.src = picture.original;
      picture = { ...picture, original: undefined };
    }
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

  function show(next) {
    if (next.src !== image.getAttribute("src")) {
      image = Object.assign(new Image(next.width, next.height), { alt: next.alt, draggable: false });
      image.style.height = "auto";
      image.src = next.src;
      view.replaceChildren(image);
    }
    picture = next;
    dialog.setAttribute("aria-label", next.alt);
    if (!dialog.open) dialog.showModal();
    fit();
    view.focus();
  }

  const pointers = new Map();
  let swiped = 0;
  view.addEventListener("pointerdown", (event) => {
    view.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
    swiped = 0;
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
      swiped += event.clientX - before.clientX;
      left += event.clientX - before.clientX;
      top += event.clientY - before.clientY;
      place();
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    view.addEventListener(end, (event) => {
      const isSwipe = end === "pointerup" && pointers.size === 1 && isFitted() && Math.abs(swiped) > SWIPE;
      pointers.delete(event.pointerId);
      if (isSwipe) step?.(swiped < 0 ? 1 : -1);
      swiped = 0;
    });
  }
  view.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomTo(scale * Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  });
  view.addEventListener("dblclick", (event) => zoomTo(scale < 1 ? 1 : scale * 2, event.clientX, event.clientY));
  dialog.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    const lead = LEADS[event.key];
    if (event.key === "+" || event.key === "=") zoomTo(scale * STEP);
    else if (event.key === "-") zoomTo(scale / STEP);
    else if (event.key === "0") fit();
    else if (step && lead && (isFitted() || !move)) step(lead);
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
  for (const button of dialog.querySelectorAll("[data-zoom-step]")) {
    button.hidden = !step;
    button.addEventListener("click", () => step(Number(button.dataset.zoomStep)));
  }
  dialog.querySelector("[data-zoom-full]").addEventListener("click", () => zoomTo(1 / devicePixelRatio));
  dialog.querySelector("[data-zoom-close]").addEventListener("click", () => dialog.close());
  addEventListener("resize", () => dialog.open && place());
  return show;
}
