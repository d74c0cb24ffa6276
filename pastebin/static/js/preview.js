/** The page of a file: its links, its players, its text for the clipboard. */
import { copy } from "./copy.js";
import { read } from "./records.js";
import { fillShares, installWebShare } from "./share.js";

const described = JSON.parse(document.querySelector("[data-file]").textContent);
fillShares(document.querySelector(".share-panel"), described);
installWebShare(document.querySelector("[data-web-share]"), described);

/** Lead who shared the file from this browser to the page where it can be changed. */
const own = document.querySelector("[data-own]");
const [key] = read().find(({ url_p: page }) => page === described.url_p)?.keys ?? [];
if (key) {
  own.href = key;
  own.parentElement.hidden = false;
}

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

/** Return the text of bytes as the page reads them; of what browsers cannot read, the lines of the page. */
function decoded(bytes, charset) {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return document.querySelector("[data-code]").textContent;
  }
}

for (const button of document.querySelectorAll("[data-copy-text]")) {
  button.addEventListener("click", async () => {
    const answer = await fetch(button.dataset.copyText);
    if (answer.ok) copy(decoded(await answer.arrayBuffer(), button.dataset.charset));
  });
}
