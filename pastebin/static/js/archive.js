/** The contents of an archive: a field that leaves the entries whose names have what is typed. */

const rows = [...document.querySelectorAll("[data-archive-entries] tr")];
const form = document.querySelector("[data-archive-search]");

// A page that came without some of the entries leaves the search to the server.
if (form && !new URLSearchParams(location.search).get("q")) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
  });
}
