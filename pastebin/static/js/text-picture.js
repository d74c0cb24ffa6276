/** A text as a picture, for places that take no text: the marked lines, or the first ones, as the page shows them. */

const FIRST = 60; // lines without a mark
const MOST = 200; // lines with one
const LONGEST = 400; // letters of a line
const WIDEST = 1200; // pixels of the text
const [SIZE, HEIGHT, MARGIN, GAP, SCALE] = [14, 22, 24, 16, 2];
const TAB = 4;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

const code = document.querySelector("[data-code]");
const brush = document.createElement("canvas").getContext("2d");

function shownLines() {
  const marked = [...code.querySelectorAll(".line.marked")];
  return marked.length ? marked.slice(0, MOST) : [...code.querySelectorAll(".line")].slice(0, FIRST);
}

/** Return a text with spaces for its tabs, if it begins in a column. */
function expanded(text, column) {
  let at = column;
  return text.replace(/[^\t]+|\t/g, (part) => {
    const shown = part === "\t" ? " ".repeat(TAB - (at % TAB)) : part;
    at += shown.length;
    return shown;
  });
}

/** Return the runs of a line: the text, the colour and the font of each. */
function runsOf(line, family) {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const runs = [];
  let column = 0;
  while (walker.nextNode() && column < LONGEST) {
    const { color, fontStyle, fontWeight } = getComputedStyle(walker.currentNode.parentElement);
    const text = expanded(walker.currentNode.data.replace(/[\r\n]/g, ""), column).slice(0, LONGEST - column);
    column += text.length;
    runs.push({ text, color, font: `${fontStyle} ${fontWeight} ${SIZE}px ${family}` });
  }
  return runs;
}

/** Return how wide runs are, one after the other. */
function widthOf(runs) {
  return runs.reduce((sum, { text, font }) => {
    brush.font = font;
    return sum + brush.measureText(text).width;
  }, 0);
}

/** Draw the runs of a line beginning at `left`; what is written from the right stays in one piece. */
function drawRuns(context, runs, left, right, y) {
  const whole = runs.map(({ text }) => text).join("");
  const isFromRight = RIGHT_TO_LEFT.test(whole);
  const pieces = isFromRight ? [{ ...runs[0], text: whole }] : runs;
  context.direction = isFromRight ? "rtl" : "ltr";
  context.textAlign = isFromRight ? "right" : "left";
  let x = isFromRight ? right : left;
  for (const { text, color, font } of pieces) {
    context.font = font;
    context.fillStyle = color;
    context.fillText(text, x, y);
    x += context.measureText(text).width;
  }
}

/**
 * Draw the text on a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function drawText(canvas) {
  const style = getComputedStyle(code);
  const family = getComputedStyle(code.querySelector("code")).fontFamily;
  const lines = shownLines().map((line) => ({ line, runs: runsOf(line, family), number: line.querySelector("a").dataset.line }));
  brush.font = `${SIZE}px ${family}`;
  const numbers = brush.measureText(lines.at(-1)?.number ?? "").width;
  const text = Math.min(WIDEST, Math.max(320, ...lines.map(({ runs }) => widthOf(runs))));
  const [width, height] = [MARGIN * 2 + numbers + GAP + text, MARGIN * 2 + HEIGHT * lines.length];
  [canvas.width, canvas.height] = [Math.ceil(width) * SCALE, height * SCALE];
  canvas.style.width = `${Math.ceil(width)}px`;
  const context = canvas.getContext("2d");
  context.scale(SCALE, SCALE);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = "middle";
  const soft = getComputedStyle(code.querySelector(".line > a")).color;
  lines.forEach(({ line, runs, number }, place) => {
    const top = MARGIN + HEIGHT * place;
    if (code.dataset.diff !== undefined && !line.matches(".marked, :target")) {
      context.fillStyle = getComputedStyle(line).backgroundColor;
      context.fillRect(0, top, width, HEIGHT);
    }
    const end = MARGIN + numbers;
    drawRuns(context, [{ text: number, color: soft, font: `${SIZE}px ${family}` }], end - widthOf([{ text: number, font: brush.font }]), end, top + HEIGHT / 2);
    if (runs.length) drawRuns(context, runs, end + GAP, width - MARGIN, top + HEIGHT / 2);
  });
}

/** Show the picture of the text in its dialog, with the ways to take it along. */
export function showTextPicture() {
  const dialog = document.querySelector("[data-text-picture]");
  const canvas = dialog.querySelector("canvas");
  const save = dialog.querySelector("[data-text-picture-save]");
  const copying = dialog.querySelector("[data-text-picture-copy]");
  const status = dialog.querySelector("[role=status]");
  drawText(canvas);
  status.textContent = "";
  canvas.toBlob((blob) => {
    save.href = URL.createObjectURL(blob);
    dialog.addEventListener("close", () => URL.revokeObjectURL(save.href), { once: true });
    copying.hidden = !window.ClipboardItem || !navigator.clipboard;
    copying.onclick = async () => {
      await navigator.clipboard.write([new ClipboardItem({ [blob.type]: blob })]);
      status.textContent = document.body.dataset.copied;
    };
    dialog.showModal();
  });
}
