/** A box over an image that a pointer, arrow keys or number fields move and stretch. */
import { clamp, dragged, snapped } from "./geometry.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Bring the cropper to life.
 * @param {{form: HTMLFormElement, picture: HTMLElement, region: HTMLFieldSetElement,
 *          source: {width: number, height: number}, onChange: () => void}} parts
 * @returns {{setRatio: (ratio: number) => void, end: () => void}}
 */
export function installCropper({ form, picture, region, source, onChange }) {
  const button = document.querySelector("[data-crop]");
  const box = document.querySelector("[data-cropper]");
  const image = picture.querySelector("[data-image]");
  const ratios = form.querySelector("[data-ratio]");
  let part = null;
  let ratio = 0;
  picture.querySelector(".picture-frame").append(box);

  /** Put the box where the part of the image is, and its numbers into the fields. */
  function show(fromFields = false) {
    const scale = image.clientWidth / source.width;
    const sides = { left: part.x, top: part.y, width: part.width, height: part.height };
    for (const [side, pixels] of Object.entries(sides)) box.style[side] = `${pixels * scale}px`;
    if (fromFields) return;
    const values = { x: part.x, y: part.y, cw: part.width, ch: part.height };
    for (const [name, number] of Object.entries(values)) form.elements[name].value = number;
    onChange();
  }

  function set(next) {
    part = snapped(next, source);
    show();
  }

  function setRatio(next) {
    ratio = next;
    if (!ratio) return;
    const width = Math.min(part.width, source.width, source.height * ratio, part.height * ratio);
    const { x, y } = part;
    set({ x: x + (part.width - width) / 2, y: y + (part.height - width / ratio) / 2, width, height: width / ratio });
  }

  /** Return the number that an option means: `4:3`, `original`, or nothing for any ratio. */
  function ratioOf(option) {
    const [w, h] = option === "original" ? [source.width, source.height] : option.split(":").map(Number);
    return w / h || 0;
  }

  function toggle() {
    const on = region.disabled;
    region.disabled = region.hidden = box.hidden = !on;
    button.setAttribute("aria-pressed", String(on));
    picture.classList.toggle("cropping", on);
    if (!on) return onChange();
    const { width, height } = source;
    set(part ?? { x: width * 0.1, y: height * 0.1, width: width * 0.8, height: height * 0.8 });
    if (ratio) setRatio(ratio);
    return box.focus({ preventScroll: true });
  }

  /** Return where a pointer is, in pixels of the source. */
  function pointAt(event) {
    const frame = image.getBoundingClientRect();
    return {
      x: clamp(((event.clientX - frame.left) / frame.width) * source.width, 0, source.width),
      y: clamp(((event.clientY - frame.top) / frame.height) * source.height, 0, source.height),
    };
  }

  function onPointerDown(event) {
    if (box.hidden || event.button !== 0) return;
    event.preventDefault();
    const start = pointAt(event);
    const before = { ...part };
    const handle = event.target.dataset?.handle;
    const move = handle ? stretch(handle, before) : box.contains(event.target) ? slide(start, before) : draw(start);
    const target = picture;
    target.setPointerCapture(event.pointerId);
    const onMove = (moved) => set(move(pointAt(moved)));
    const onEnd = () => target.removeEventListener("pointermove", onMove);
    target.addEventListener("pointermove", onMove);
    for (const end of ["pointerup", "pointercancel"]) target.addEventListener(end, onEnd, { once: true });
    box.focus({ preventScroll: true });
  }

  const slide = (start, before) => (point) => ({
    ...before,
    x: clamp(before.x + point.x - start.x, 0, source.width - before.width),
    y: clamp(before.y + point.y - start.y, 0, source.height - before.height),
  });
  const draw = (start) => (point) => dragged(start, point, source, ratio);
  const stretch = (handle, before) => {
    const corner = {
      x: handle.includes("w") ? before.x + before.width : before.x,
      y: handle.includes("n") ? before.y + before.height : before.y,
    };
    const keep = {};
    if (handle === "n" || handle === "s") keep.width = before.width;
    if (handle === "w" || handle === "e") keep.height = before.height;
    // A side that stays is no reason to turn the box over.
    return (point) =>
      dragged(corner, { x: keep.width ? source.width : point.x, y: keep.height ? source.height : point.y }, source, ratio, keep);
  };

  function onKey(event) {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const step = event.altKey ? 1 : Math.max(1, Math.round(source.width / 100));
    const [dx, dy] = arrow.map((way) => way * step);
    const { x, y, width, height } = part;
    if (!event.shiftKey) {
      set({ ...part, x: x + dx, y: y + dy });
    } else if (ratio) {
      set(dragged({ x, y }, { x: x + width + (dx || dy * ratio), y: y + height + (dy || dx / ratio) }, source, ratio));
    } else {
      set({ x, y, width: clamp(width + dx, 1, source.width - x), height: clamp(height + dy, 1, source.height - y) });
    }
  }

  button.addEventListener("click", toggle);
  picture.addEventListener("pointerdown", onPointerDown);
  box.addEventListener("keydown", onKey);
  region.addEventListener("change", (event) => {
    if (event.target === ratios) {
      return setRatio(ratioOf(ratios.value));
    }
    const number = (name) => Number(form.elements[name].value) || 0;
    return set({ x: number("x"), y: number("y"), width: number("cw"), height: number("ch") });
  });
  new ResizeObserver(() => part && !box.hidden && show(true)).observe(image);
  return {
    end() {
      part = null;
      ratio = 0;
      if (!region.disabled) toggle();
    },
    setRatio(next) {
      const known = [...ratios.options].find(({ value }) => ratioOf(value) === next);
      ratios.value = known?.value ?? "";
      setRatio(next);
    },
  };
}
