/** The contents of an archive: a field that leaves the entries whose names have what is typed. */

const rows = [...document.querySelectorAll("[data-archive-entries] tr")];

document.querySelector("[data-archive-search]")?.addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const row of rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
});
