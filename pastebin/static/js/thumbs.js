/** Small pictures of images. */

/** Lay a small picture of an image over its icon, once it is near the window. */
export function showThumb(place, address) {
  const picture = new Image(48, 48);
  picture.alt = "";
  picture.loading = "lazy";
  picture.src = `${new URL(address).pathname}?w=96&h=96&fit=crop`;
  picture.addEventListener("error", () => picture.remove());
  place.append(picture);
}
