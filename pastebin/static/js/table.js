/** A table whose rows are sorted by a click on a column's head: up, down, then as the file has them; its first column stays. */
import { tell } from "./copy.js";
import { afterPaint } from "./paint.js";

const PIECE = 100; // rows
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

/** Let the browser paint and hear what is pressed. */
const pause = () => new Promise((resolve) => setTimeout(resolve));
let turn = 0;

/** Put rows into order, the first ones first, a piece at a time: a large table is laid out for a while. */
async function arrange(rows) {
  turn += 1;
  const mine = turn;
  for (let start = 0; start < rows.length; start += PIECE) {
    const piece = rows.slice(start, start + PIECE);
    if (start) rows[start - 1].after(...piece);
    else body.prepend(...piece);
    await pause();
    if (mine !== turn) return; // another order is wanted meanwhile
  }
}

/** Sort by a column in the next of its three ways: its head says so at once, the rows follow. */
function sort(column) {
  const before = heads[column].getAttribute("aria-sort");
  const next = { null: "ascending", ascending: "descending" }[before] ?? null;
  for (const head of heads) head.removeAttribute("aria-sort");
  if (next) heads[column].setAttribute("aria-sort", next);
  afterPaint(async () => {
    await arrange(next ? sorted(column, next === "descending") : original);
    if (next) tell(table.dataset[next].replace("{name}", heads[column].textContent));
  });
}

/** Let a column's head sort here instead of leading to a page that is sorted. */
function install(head, column) {
  const link = head.querySelector("a");
  const button = document.createElement("button");
  button.type = "button";
  button.append(...link.childNodes);
  if (link.ariaLabel) button.ariaLabel = link.ariaLabel;
  link.replaceWith(button);
  button.addEventListener("click", () => sort(column));
}

/** Let the first column stay while others are scrolled, in the rows that are near the window. */
function holdFirstColumn(box) {
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) target.classList.toggle("near", isIntersecting);
    },
    { root: box, rootMargin: "50%" },
  );
  for (const row of table.rows) watch.observe(row);
}

const box = table.closest(".scroll");
function onScroll() {
  if (!box.scrollLeft) return;
  box.removeEventListener("scroll", onScroll);
  holdFirstColumn(box);
}
if (!table.matches(".steady")) box.addEventListener("scroll", onScroll, { passive: true });

// On a page that came sorted the rows are not as the file has them: there the links stay.
if (!new URLSearchParams(location.search).has("sort")) heads.forEach(install);
