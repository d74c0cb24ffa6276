/** The page of an image: sizes and crops by address, a larger look, a word if it cannot be shown. */
import { installResizing } from "./resize.js";
import { installZoom } from "./zoom.js";

const picture = document.querySelector("[data-picture]");
const image = picture.querySelector("[data-image]");
/** Try the file itself if a smaller image of it cannot be had, then say so. */
const showBroken = () => {
  if (image.srcset) {
    image.removeAttribute("srcset");
    return;
  }
  for (const part of document.querySelectorAll("[data-image], [data-image-tools]")) part.hidden = true;
  picture.querySelector("[data-broken]").hidden = false;
};
if (image.complete && !image.naturalWidth) showBroken();
image.addEventListener("error", showBroken);
installResizing();

const show = installZoom();
const zoom = () =>
  show({
    src: new URL(image.src).search ? image.src : picture.dataset.original,
    width: Number(picture.dataset.width),
    height: Number(picture.dataset.height),
    alt: image.alt,
  });
document.querySelector("[data-zoom]").addEventListener("click", zoom);
image.addEventListener("click", () => picture.classList.contains("cropping") || zoom());
