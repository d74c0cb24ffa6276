/** The tools of a picture: a larger look, sizes and crops by address. They come after the picture itself. */
import { installResizing } from "./resize.js";
import { installZoom } from "./zoom.js";

/** Bring the tools to life. */
export function installTools(picture, image) {
  for (const button of document.querySelectorAll("[data-image-tools] button:disabled")) button.disabled = false;
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
}
