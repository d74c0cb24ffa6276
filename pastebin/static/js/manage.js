/** The page of a link's holder: fields that scripts help with, and what this browser remembers of the link. */
import { installExpiry } from "./expiry.js";
import { forget, update } from "./records.js";

installExpiry();

const block = document.querySelector("script[data-file]"); // a collection's page has none
if (block) {
  const described = JSON.parse(block.textContent);
  update(described);
  document.querySelector("[data-end]").addEventListener("submit", () => forget(described));
}
