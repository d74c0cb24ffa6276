/** Small pictures of files. */

const SEEN = new Set(["image", "pdf", "video", "audio"]);
const SEEN_SUFFIXES = /\.(?:svg|docx|xlsx?|pptx|od[tsp]|epub|ttf|otf|woff2?)$/i;

/** Lay a small picture of a file over its icon, once it is near the window, if there is something to see. */
export function showThumb(place, { type, filename, url_i: address }) {
  if (!SEEN.has(type) && !SEEN_SUFFIXES.test(filename)) return;
  const picture = new Image(48, 48);
  picture.alt = "";
  picture.loading = "lazy";
  const { pathname } = new URL(address);
  picture.src = type === "image" ? `${pathname}?w=96&h=96&fit=crop` : pathname.replace(/\/i\/([^/]+)$/, "/t/$1");
  picture.addEventListener("load", () => picture.classList.add("here")); // until then the icon is seen
  picture.addEventListener("error", () => picture.remove());
  place.append(picture);
}
