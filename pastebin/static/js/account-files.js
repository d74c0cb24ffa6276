/** My files: choosing many, and deleting them with ten seconds to take it back. */
const GRACE = 10_000;

const form = document.querySelector("[data-files]");
if (form) install();

function install() {
  const boxes = [...form.querySelectorAll("input[name=file]")];
  const all = form.querySelector("[data-all]");
  const count = form.querySelector("[data-count]");
  let last = null;

  const show = () => {
    const number = boxes.filter((box) => box.checked).length;
    count.textContent = number ? form.dataset.chosen.replace("{number}", number) : "";
    all.checked = number > 0 && number === boxes.length;
    all.indeterminate = number > 0 && number < boxes.length;
  };

  const chooseAll = (isChosen) => {
    for (const box of boxes) box.checked = isChosen && !isHidden(box);
    show();
  };

  all.addEventListener("change", () => chooseAll(all.checked));
  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!boxes.includes(box) || event.altKey) return;
    if (event.key === "Delete") form.querySelector("button[value=delete]").click();
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) chooseAll(true);
    else if (!moveFocus(boxes, event)) return;
    event.preventDefault();
    show();
  });
  form.addEventListener("click", (event) => {
    if (!boxes.includes(event.target)) return;
    if (event.shiftKey && last) chooseBetween(boxes, last, event.target);
    last = event.target;
    show();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "delete") return;
    const chosen = boxes.filter((box) => box.checked);
    if (!chosen.length) return;
    event.preventDefault();
    deleteLater(chosen);
    show();
  });
  show();
}

const isHidden = (box) => box.closest("[data-file-row]").hidden;

/** Move the focus by a key to another box, with Shift choosing it too. Returns whether the key does that. */
function moveFocus(boxes, { key, shiftKey, target }) {
  const seen = boxes.filter((box) => !isHidden(box));
  const top = (box) => box.closest("[data-file-row]").offsetTop;
  const columns = seen.filter((box) => top(box) === top(seen[0])).length;
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -seen.length, End: seen.length };
  const from = seen.indexOf(target);
  if (!(key in steps)) return false;
  const to = Math.max(0, Math.min(seen.length - 1, from + steps[key]));
  if (shiftKey) for (const box of seen.slice(Math.min(from, to), Math.max(from, to) + 1)) box.checked = true;
  seen[to].focus();
  return true;
}

/** Choose, or not, all from one box to another, as the one that was clicked. */
function chooseBetween(boxes, from, to) {
  const [first, end] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
  for (const box of boxes.slice(first, end + 1)) box.checked = to.checked;
}

/** Hide the files at once, and ask the server when the time to think is over, or the page is left. */
function deleteLater(chosen) {
  const rows = chosen.map((box) => box.closest("[data-file-row]"));
  const { one, many, undo } = form.dataset;
  const bar = document.createElement("div");
  bar.className = "undo";
  bar.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = chosen.length === 1 ? one : many.replace("{number}", chosen.length);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = undo;
  bar.append(words, button);
  document.body.append(bar);

  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, action: "delete" });
  for (const box of chosen) body.append("file", box.value);
  body.append("confirmed", chosen.length);
  for (const box of chosen) box.checked = false;
  for (const row of rows) row.hidden = true;

  const stop = () => {
    clearTimeout(timer);
    removeEventListener("pagehide", run);
    bar.remove();
  };
  const run = async () => {
    stop();
    if (await ask(body, chosen.length)) for (const row of rows) row.remove();
    else {
      for (const row of rows) row.hidden = false;
      words.textContent = form.dataset.failed;
      button.remove();
      document.body.append(bar);
    }
  };
  const timer = setTimeout(run, GRACE);
  addEventListener("pagehide", run);
  button.addEventListener("click", () => {
    stop();
    for (const row of rows) row.hidden = false;
    rows[0].querySelector("input").focus();
  });
  button.focus();
}

/** Tell whether the server has deleted so many files. */
async function ask(body, number) {
  try {
    const answer = await fetch(location.pathname, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
      keepalive: true,
    });
    return answer.ok && (await answer.json()).deleted === number;
  } catch {
    return false;
  }
}
