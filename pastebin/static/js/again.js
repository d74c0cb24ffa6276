/** Pictures in lists that the server had no time for: they are asked for again, later each time. */

const TRIES = 4;
const PAUSE = 1500; // milliseconds before the second try; doubled for each further one
const tried = new WeakMap();

function askAgain(picture) {
  const times = tried.get(picture) ?? 0;
  if (times === TRIES) return;
  tried.set(picture, times + 1);
  const { srcset } = picture;
  setTimeout(() => picture.setAttribute("srcset", srcset), PAUSE * 2 ** times);
}

const isTile = (element) => element instanceof HTMLImageElement && element.srcset !== "";

/** Ask again for what fails, and for what has failed before this script came. */
export function installAgain() {
  document.addEventListener("error", ({ target }) => isTile(target) && askAgain(target), true);
  for (const picture of document.querySelectorAll("img[srcset]")) {
    if (picture.complete && picture.naturalWidth === 0) askAgain(picture);
  }
}
