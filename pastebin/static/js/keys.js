/** Single keys that press what a page has for them: `data-key` names the key. `?` shows them all. */

const OFF = "pastebin.keys-off";
const dialog = document.querySelector("[data-keys]");
const isOn = dialog.querySelector("[data-keys-on]");

/** Return what a page has a key for and can be pressed now. */
const pressable = () => [...document.querySelectorAll("[data-key]")].filter((one) => one.checkVisibility() && !one.disabled);

const nameOf = (one) => one.dataset.keyFor || one.getAttribute("aria-label") || one.textContent.trim();

function show() {
  const rows = [...pressable().map((one) => [one.dataset.key, nameOf(one)]), ["?", dialog.querySelector("h2").textContent]];
  dialog.querySelector("[data-keys-list]").replaceChildren(
    ...rows.map(([key, name]) => {
      const row = document.createElement("div");
      const [term, told] = [document.createElement("dt"), document.createElement("dd")];
      term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
      told.textContent = name;
      row.append(term, told);
      return row;
    }),
  );
  dialog.showModal();
}

function onKey(event) {
  const isTyping = event.target.closest("input, select, textarea, [contenteditable], dialog, [data-cropper]");
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping) return;
  if (event.key === "?") show();
  else if (isOn.checked) pressable().find((one) => one.dataset.key === event.key)?.click();
}

/** Let keys press buttons and links, unless this browser was told otherwise. */
export function installKeys() {
  try {
    isOn.checked = !localStorage.getItem(OFF);
  } catch {
    // A browser that keeps nothing.
  }
  isOn.addEventListener("change", () => {
    try {
      if (isOn.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch {
      // As above.
    }
  });
  document.addEventListener("keydown", onKey);
}
