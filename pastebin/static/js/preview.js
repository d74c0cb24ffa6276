/** The page of a file: its links, and what its kind of preview can do. */
import { copy } from "./copy.js";
import { fillShares } from "./share.js";

const described = JSON.parse(document.querySelector("[data-file]").textContent);
fillShares(document.querySelector(".share-panel"), described);

if (document.querySelector("[data-code]")) import("./lines.js").then(({ installLines }) => installLines());
if (document.querySelector("[data-resize]")) import("./resize.js").then(({ installResizing }) => installResizing());

for (const player of document.querySelectorAll(".player")) {
  player.addEventListener("error", () => {
    document.querySelector("[data-unplayable]").hidden = false;
  });
}
const image = document.querySelector("[data-image]");
const showBroken = () => {
  image.hidden = true;
  document.querySelector("[data-broken]").hidden = false;
};
if (image?.complete && !image.naturalWidth) showBroken();
image?.addEventListener("error", showBroken);

for (const button of document.querySelectorAll("[data-copy-text]")) {
  button.addEventListener("click", async () => {
    const answer = await fetch(button.dataset.copyText);
    if (answer.ok) copy(await answer.text());
  });
}
