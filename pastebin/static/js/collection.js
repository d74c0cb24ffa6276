/** A collection's pages: choosing files to download; for its holder their order, and adding more. */
import { tell } from "./copy.js";
import { send } from "./transfer.js";

/** Let the bar for downloading some stand there only while some are chosen. */
function installChoice(form) {
  const bar = form.querySelector("[data-choice-bar]");
  if (!bar) return;
  const show = () => (bar.hidden = !form.querySelector(":checked"));
  form.addEventListener("change", show);
  show();
}

/** Put files into order by dragging, by Alt and arrows, and by the buttons; each change is saved at once. */
function installOrder(form) {
  const list = form.querySelector("ol");
  const rows = () => [...list.children];
  let saving = Promise.resolve();
  let dragged = null;

  const save = () => {
    saving = saving.then(() => patch(rows().map(entry))).then(
      () => tell(form.dataset.saved),
      () => tell(form.dataset.failed),
    );
  };

  /** Move a row by some places, and keep the focus on what was pressed. */
  const move = (row, step, focused = document.activeElement) => {
    const others = rows();
    const place = others.indexOf(row) + step;
    if (place < 0 || place >= others.length) return;
    if (step < 0) others[place].before(row);
    else others[place].after(row);
    settle();
    (focused.disabled ? row.querySelector("button:not(:disabled)") : focused).focus();
    tell(fillIn(form.dataset.place, { name: row.dataset.path, place: place + 1, total: others.length }));
    save();
  };

  const remove = (row) => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    settle();
    next.querySelector("a").focus();
    save();
  };

  /** Say in the buttons what can be done where the rows are now. */
  const settle = () => {
    const all = rows();
    all.forEach((row, place) => {
      row.querySelector("[name=up]").disabled = place === 0;
      row.querySelector("[name=down]").disabled = place === all.length - 1;
      row.querySelector("[name=remove]").disabled = all.length === 1;
    });
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const row = event.submitter.closest("li");
    if (event.submitter.name === "remove") remove(row);
    else move(row, event.submitter.name === "up" ? -1 : 1, event.submitter);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = event.target.closest("li");
    if (!step || !event.altKey || !row) return;
    event.preventDefault();
    move(row, step);
  });
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("li");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.path);
    dragged.classList.add("dragged");
  });
  list.addEventListener("dragover", (event) => {
    const row = event.target.closest("li");
    if (!dragged || !row) return;
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    if (row === dragged) return;
    if (event.clientY < top + height / 2) row.before(dragged);
    else row.after(dragged);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    dragged.classList.remove("dragged");
    dragged = null;
    settle();
    save();
  });
  for (const row of rows()) row.draggable = true;
}

/** Upload files to a collection: each by itself, then all of them at its end. */
function installAdding(form, order) {
  const input = form.querySelector("input");
  const state = form.querySelector("[data-add-state]");
  input.addEventListener("change", async () => {
    const added = [];
    input.disabled = true;
    try {
      for (const file of input.files) {
        state.textContent = file.name;
        const options = { fields: [], onProgress: () => {}, signal: new AbortController().signal };
        const { answer } = await send(form.dataset.address, file, options);
        added.push({ key: answer.url_m.split("/").pop(), path: file.name });
      }
      const present = [...order.querySelectorAll("li")].map(entry);
      await patch([...present, ...added]);
      location.reload();
    } catch {
      state.textContent = order.dataset.failed;
      input.disabled = false;
    }
  });
}

function entry(row) {
  return { file: row.dataset.file, path: row.dataset.path };
}

async function patch(files) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const body = JSON.stringify({ files });
  // It is sent even if somebody leaves the page at this moment; browsers allow that for 64 KiB.
  const keepalive = body.length < 60_000;
  const answer = await fetch(location.href, { method: "PATCH", headers, body, keepalive });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
}

function fillIn(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const choice = document.querySelector("[data-choice]");
if (choice) installChoice(choice);
const order = document.querySelector("[data-order]");
if (order) installOrder(order);
const adding = document.querySelector("[data-add]");
if (adding) installAdding(adding, order);
