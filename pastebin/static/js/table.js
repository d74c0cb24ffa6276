/** A table whose rows are sorted by a click on a column's head: up, down, then as the file has them. */
import { tell } from "./copy.js";

const table = document.querySelector("[data-sortable]");
const body = table.tBodies[0];
const heads = [...table.tHead.rows[0].cells];
const original = [...body.rows];
const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;

/** Return the number that a cell says, NaN for anything else. */
const numberIn = (text) => (/^\s*[-+]?[\d.,\s%€$£¥]*\d[\d.,%€$£¥]*\s*$/.test(text) ? Number.parseFloat(text.replace(/[^\d.eE+-]/g, "")) : Number.NaN);

/** Return the rows by the texts of a column: numbers by their value where most are; empty cells last. */
function sorted(column, isDown) {
  const keyed = original.map((row) => ({ row, text: row.cells[column].textContent.trim() }));
  const filled = keyed.filter(({ text }) => text);
  const empty = keyed.filter(({ text }) => !text);
  for (const one of filled) one.number = numberIn(one.text);
  const isNumeric = filled.every(({ number }) => !Number.isNaN(number));
  filled.sort(isNumeric ? (a, b) => a.number - b.number : (a, b) => compare(a.text, b.text));
  if (isDown) filled.reverse();
  return [...filled, ...empty].map(({ row }) => row);
}

/** Sort by a column in the next of its three ways: its head says so at once, the rows follow. */
function sort(column) {
  const before = heads[column].getAttribute("aria-sort");
  const next = { null: "ascending", ascending: "descending" }[before] ?? null;
  for (const head of heads) head.removeAttribute("aria-sort");
  if (next) heads[column].setAttribute("aria-sort", next);
  requestAnimationFrame(() =>
    setTimeout(() => {
      body.append(...(next ? sorted(column, next === "descending") : original));
      if (next) tell(table.dataset[next].replace("{name}", heads[column].textContent));
    }),
  );
}

heads.forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => sort(column));
});
