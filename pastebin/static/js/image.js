/** The page of an image: its tools once it is here, a word if it cannot be shown. */

const picture = document.querySelector("[data-picture]");
const image = picture.querySelector("[data-image]");

/** Try the file itself if a smaller image of it cannot be had, then say so. */
const showBroken = () => {
  const source = picture.querySelector("source");
  if (source || image.srcset) {
    source?.remove();
    image.removeAttribute("srcset");
    return;
  }
  for (const part of document.querySelectorAll("[data-image], [data-image-tools]")) part.hidden = true;
  picture.querySelector("[data-broken]").hidden = false;
};

/** What the tools need is not sent before the picture, on a slow line. */
const begin = async () => (await import("./picture.js")).installTools(picture, image);

if (!image.complete) image.addEventListener("load", begin, { once: true });
else if (image.naturalWidth) begin();
else showBroken();
image.addEventListener("error", showBroken);
