/** How high the blocks of lines are that are not laid out yet: a page jumps where that is guessed badly. */
import { afterPaint } from "./paint.js";

const TAB = "    ";
const WIDE = /[\u1100-\uffff]/; // about two columns, and a place to break a line
const WORDS = /([\u1100-\uffff]|[^\s\u1100-\uffff]*)(\s*)/g;

/** Return how many rows a line takes that is broken between its words, or inside of one that is too long. */
function rowsOf(line, columns) {
  let rows = 1;
  let column = 0;
  for (const [, word, space] of line.replaceAll("\t", TAB).matchAll(WORDS)) {
    const width = WIDE.test(word) ? 2 : word.length;
    if (column > 0 && column + width > columns) {
      rows += 1;
      column = 0;
    }
    rows += Math.max(Math.ceil(width / columns) - 1, 0);
    column += (width > columns && width % columns) || Math.min(width, columns);
    column += space.length; // at the end of a row it takes no room
  }
  return rows;
}

/** Return how many letters fit beside the number of a line. */
function columnsOf(line) {
  const { font, paddingLeft, paddingRight } = getComputedStyle(line);
  const brush = document.createElement("canvas").getContext("2d");
  brush.font = font;
  const room = line.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  return Math.max(1, Math.floor(room / (brush.measureText("0".repeat(100)).width / 100) + 0.01));
}

/** Foretell the heights of a text's blocks, wrapped or not; what was known of them is out of date. */
export function foretellHeights(code) {
  const first = code.querySelector(".lines > .line");
  if (!first) return;
  const height = Number.parseFloat(getComputedStyle(first).lineHeight);
  const columns = code.classList.contains("wrapped") ? columnsOf(first) : Number.POSITIVE_INFINITY;
  for (const block of code.querySelectorAll(".lines")) {
    const lines = block.textContent.split("\n").slice(0, -1);
    const rows = lines.reduce((sum, line) => sum + (columns < line.length ? rowsOf(line, columns) : 1), 0);
    block.style.containIntrinsicBlockSize = `${rows * height}px`;
    // From then on a block is as high as it was when it was last seen.
    afterPaint(() => {
      block.style.containIntrinsicBlockSize = `auto ${rows * height}px`;
    });
  }
}
