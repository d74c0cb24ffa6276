/** Links to lines and to ranges of lines of a text: #L10, #L10-L20. */
import { afterPaint } from "./paint.js";
import { remember } from "./theme.js";

const code = document.querySelector("[data-code]");
let anchor = 0; // where a range begins that a click with Shift ends

/** Return first and last line of `#L10` or `#L10-L20`; null for another hash. */
function rangeOf(hash) {
  const match = /^#L(\d{1,9})(?:-L?(\d{1,9}))?$/.exec(hash);
  if (!match) return null;
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  return first <= last ? [first, last] : [last, first];
}

const lineOf = (number) => document.getElementById(`L${number}`);

function mark(scroll) {
  for (const line of code.querySelectorAll(".marked")) line.classList.remove("marked");
  const range = rangeOf(location.hash);
  if (!range) return;
  for (let number = range[0]; number <= range[1]; number += 1) {
    const line = lineOf(number);
    if (!line) break;
    line.classList.add("marked");
  }
  anchor = range[0];
  if (scroll) showSource(lineOf(range[0]));
}

/** Scroll to a line, which may be in a view that is not chosen. */
function showSource(line) {
  if (!line) return;
  const radio = document.querySelector("[data-source-view]");
  if (radio) radio.checked = true;
  line.scrollIntoView({ block: "center" });
}

code.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const number = Number(link.dataset.line);
  const from = event.shiftKey && anchor ? anchor : number;
  const hash = from === number ? `#L${number}` : `#L${Math.min(from, number)}-L${Math.max(from, number)}`;
  history.replaceState(history.state, "", hash);
  mark(false);
  anchor = from;
});
addEventListener("hashchange", () => mark(true));
mark(true);

const wrap = document.querySelector("[data-wrap-lines]");
let width = 0; // for which the heights of lines were foretold

/** Lay out lines that are far away where they will be. Nothing of it is needed before somebody wraps lines. */
async function foretell() {
  const { foretellHeights } = await import("./rows.js");
  width = code.clientWidth;
  foretellHeights(code);
}

wrap.addEventListener("click", () => {
  const isWrapped = code.classList.toggle("wrapped");
  wrap.setAttribute("aria-pressed", String(isWrapped));
  remember("wrap", isWrapped ? "on" : "off");
  afterPaint(foretell);
});
new ResizeObserver(() => {
  if (code.classList.contains("wrapped") && code.clientWidth !== width) foretell();
}).observe(code);

const picturing = document.querySelector("[data-as-picture]");
picturing?.addEventListener("click", async () => (await import("./text-picture.js")).showTextPicture());
