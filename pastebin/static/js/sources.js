/** Where files come from: dropped anywhere, chosen, a whole folder, the clipboard. */
import { say } from "./words.js";

/**
 * Call `take` with the files that come in by any way but the editor.
 * @param {(files: File[]) => void} take
 * @param {(files: File[], target: EventTarget) => boolean} divert may keep a drop for itself
 * @param {(text: string) => void} write gets a text that is pasted where nobody types
 */
export function installSources(take, divert, write) {
  installDropping(take, divert);
  installPasting(take, write);
  const input = document.getElementById("file");
  input.required = false;
  for (const [button, isFolder] of [["[data-choose]", false], ["[data-choose-folder]", true]]) {
    document.querySelector(button).addEventListener("click", () => {
      input.multiple = true;
      input.webkitdirectory = isFolder;
      input.click();
    });
  }
  const takeChosen = () => {
    take([...input.files]);
    input.value = "";
  };
  input.addEventListener("change", takeChosen);
  if (input.files.length) takeChosen(); // chosen before this script was there
}

function installDropping(take, divert) {
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const enter = (number) => {
    depth = Math.max(0, number);
    document.body.classList.toggle("dragging", depth > 0);
  };
  addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) enter(depth + 1);
  });
  addEventListener("dragleave", (event) => {
    if (carriesFiles(event)) enter(depth - 1);
  });
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    enter(0);
    const { target } = event;
    const files = await filesOf(event.dataTransfer);
    if (!divert(files, target)) take(files);
  });
}

/** Return the files of a drop, those in folders included. */
async function filesOf(transfer) {
  // Both lists are empty once the event is over, so they are read before anything is waited for.
  const files = [...transfer.files];
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return files;
  return (await Promise.all(entries.map(walk))).flat();
}

async function walk(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    // A reader hands out a folder in pieces; an empty one is the end.
    const piece = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!piece.length) return found;
    for (const inner of piece) found.push(...(await walk(inner)));
  }
}

function installPasting(take, write) {
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData("text/plain");
    const isTyping = event.target.closest?.("input[type=text], textarea");
    // An office program hands over a text together with a picture of it: where one types, the text is meant.
    if (isTyping && text) return;
    if (files.length) take(files.map(named));
    else if (text) write(text);
    else return;
    event.preventDefault();
  });
}

/** Give a picture from the clipboard, which browsers all call `image.png`, a name of its own. */
function named(file) {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const now = new Date();
  const two = (value) => String(value).padStart(2, "0");
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("-");
  return new File([file], `${say("pasted")} ${day} ${time}.${file.name.split(".").pop()}`, { type: file.type });
}
