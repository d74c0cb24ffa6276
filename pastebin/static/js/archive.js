/** The contents of an archive: a field that leaves the entries whose names have what is typed. */

import { oncePainted } from "./paint.js";

const table = document.querySelector("[data-archive-entries]");
const rows = [...(table?.querySelectorAll("tbody tr") ?? [])];
const form = document.querySelector("[data-archive-search]");

// A page that came without some of the entries leaves the search to the server.
if (form && !new URLSearchParams(location.search).get("q")) {
  form.addEventListener("submit", (event) => event.preventDefault());
  const names = rows.map((row) => row.cells[0].textContent.toLowerCase());
  const field = form.querySelector("input");
  const show = () => {
    const wanted = field.value.trim().toLowerCase();
    rows.forEach((row, place) => {
      row.hidden = !names[place].includes(wanted);
    });
    table.classList.toggle("searched", rows.some((row) => row.hidden));
  };
  form.addEventListener("input", oncePainted(show));
}
