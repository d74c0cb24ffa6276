/** The page of a link's holder: fields that scripts help with, and what this browser remembers of the link. */
import { installExpiry } from "./expiry.js";
import { forget, update } from "./records.js";

const described = JSON.parse(document.querySelector("[data-file]").textContent);

installExpiry();
update(described);
document.querySelector("[data-end]").addEventListener("submit", () => forget(described));
