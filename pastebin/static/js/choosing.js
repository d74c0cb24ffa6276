/** Choosing files of the history that are to be under one link. */
import { collect, keyOf, showLinks } from "./collecting.js";
import * as formats from "./formats.js";
import { say } from "./words.js";

/** Tell whether a file can share a link: a collection gives its files its own terms. */
const isFree = ({ keys, isRestricted, expires }) => Boolean(keys?.length) && !isRestricted && !expires;

/**
 * Let files be chosen in the list.
 * @param {HTMLElement} section
 * @param {() => void} showList shows the rows again
 * @returns {{begin: () => void, prepare: (row: HTMLElement, entry: object) => void}} `prepare` is for each new row
 */
export function installChoosing(section, showList) {
  const panel = section.querySelector("[data-choosing]");
  const find = (name) => panel.querySelector(`[data-choosing-${name}]`);
  const result = panel.querySelector("[data-together-result]");
  const opener = section.querySelector("[data-history-choose]");
  const chosen = new Map(); // page → entry, in the order in which they were chosen
  let isOn = false;

  function showCount() {
    find("make").disabled = chosen.size < 2;
    find("status").textContent = chosen.size ? say("chosen", { number: formats.number(chosen.size) }) : "";
  }

  function turn(on) {
    isOn = on;
    chosen.clear();
    panel.hidden = !on;
    opener.hidden = on;
    find("make").hidden = find("end").hidden = !on;
    if (on) result.hidden = true;
    showCount();
    showList();
  }

  function prepare(row, entry) {
    const pick = row.querySelector("[data-pick]");
    const box = pick.firstElementChild;
    pick.hidden = !isOn;
    for (const part of row.querySelectorAll("[data-copy-link], [data-menu]")) part.hidden = isOn;
    box.disabled = !isFree(entry);
    box.checked = chosen.has(entry.url_p);
    box.ariaLabel = say("choose_for", { name: entry.filename });
    box.addEventListener("change", () => {
      if (box.checked) chosen.set(entry.url_p, entry);
      else chosen.delete(entry.url_p);
      showCount();
    });
  }

  async function make() {
    find("make").disabled = true;
    try {
      const files = [...chosen.values()].map(({ keys, filename }) => ({ key: keyOf(keys[0]), path: filename }));
      const made = await collect(panel.dataset.address, files);
      turn(false);
      panel.hidden = false;
      find("make").hidden = find("end").hidden = true;
      showLinks(result, made);
      find("status").textContent = say("together_made");
      result.querySelector("[data-together-show]").focus();
    } catch (error) {
      showCount();
      find("status").textContent = error.message || say("no_network");
    }
  }

  find("make").addEventListener("click", make);
  find("end").addEventListener("click", () => {
    turn(false);
    opener.focus();
  });
  return {
    prepare,
    begin() {
      turn(true);
      section.querySelector("[data-pick] input:enabled")?.focus();
    },
  };
}
