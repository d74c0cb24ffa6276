/** The page of an image that may be broken: a word if the browser cannot show it. */

const image = document.querySelector("[data-image]");
const showBroken = () => {
  image.hidden = true;
  document.querySelector("[data-broken]").hidden = false;
};
if (image.complete && !image.naturalWidth) showBroken();
image.addEventListener("error", showBroken);
