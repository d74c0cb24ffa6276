/** The page of a file: its links, its players, its text for the clipboard. */
import { copy } from "./copy.js";
import { fillShares } from "./share.js";

const described = JSON.parse(document.querySelector("[data-file]").textContent);
fillShares(document.querySelector(".share-panel"), described);

const claim = document.querySelector("[data-claim]");
claim?.addEventListener("submit", () => {
  claim.querySelector("[data-claim-status]").textContent = claim.dataset.started;
  claim.querySelector("[data-claim-hint]")?.remove();
});

for (const player of document.querySelectorAll(".player")) {
  player.addEventListener("error", () => {
    document.querySelector("[data-unplayable]").hidden = false;
  });
}

for (const button of document.querySelectorAll("[data-copy-text]")) {
  button.addEventListener("click", async () => {
    const answer = await fetch(button.dataset.copyText);
    if (answer.ok) copy(await answer.text());
  });
}
