/** The server's rule for sizes in its own whole numbers, so that the page can say what will come of it. */

const scaled = (length, numerator, denominator) => Math.max(1, Math.floor((length * numerator) / denominator));

/**
 * Return the size of what the server makes of a part of an image.
 * @param {{width: number, height: number}} part
 * @param {number} w width asked for, 0 for none
 * @param {number} h height asked for, 0 for none
 * @param {string} fit "", "crop" or "contain"
 */
export function resultSize({ width, height }, w, h, fit) {
  const byWidth = () => ({ width: w, height: scaled(height, w, width) });
  const byHeight = () => ({ width: scaled(width, h, height), height: h });
  if (!w && !h) return { width, height };
  if (!h) return byWidth();
  if (!w) return byHeight();
  const [ours, theirs] = [width * h, w * height];
  const differs = Math.max(ours, theirs) > 2 * Math.min(ours, theirs);
  if (fit === "crop" || (fit !== "contain" && differs)) return { width: w, height: h };
  return ours >= theirs ? byWidth() : byHeight();
}

/** Return a number kept between two others. */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

/**
 * Return the box that a drag makes: from a corner that stays, towards a point, inside an image.
 * @param {{x: number, y: number}} corner
 * @param {{x: number, y: number}} point
 * @param {{width: number, height: number}} image
 * @param {number} ratio of width to height, 0 for any
 * @param {{width?: number, height?: number}} keep a side that the drag does not change
 */
export function dragged(corner, point, image, ratio, keep = {}) {
  const right = point.x >= corner.x;
  const down = point.y >= corner.y;
  const roomX = right ? image.width - corner.x : corner.x;
  const roomY = down ? image.height - corner.y : corner.y;
  let width = keep.width ?? clamp(Math.abs(point.x - corner.x), 1, roomX);
  let height = keep.height ?? clamp(Math.abs(point.y - corner.y), 1, roomY);
  if (ratio) {
    if (keep.width) width = height * ratio;
    else if (!keep.height) width = Math.max(width, height * ratio);
    width = Math.min(width, roomX, roomY * ratio);
    height = width / ratio;
  }
  return { x: right ? corner.x : corner.x - width, y: down ? corner.y : corner.y - height, width, height };
}

/** Return a box in whole pixels that lies inside an image. */
export function snapped(box, image) {
  const width = clamp(Math.round(box.width), 1, image.width);
  const height = clamp(Math.round(box.height), 1, image.height);
  return {
    x: clamp(Math.round(box.x), 0, image.width - width),
    y: clamp(Math.round(box.y), 0, image.height - height),
    width,
    height,
  };
}
