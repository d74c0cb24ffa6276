/** A word on pictures that say where they were taken, with a button that removes it. */
import { tell } from "./copy.js";
import { say } from "./words.js";

const JSON_ONLY = { Accept: "application/json" };

/**
 * Show the word on a card whose picture says where it was taken.
 * @param {{element: HTMLElement, button: HTMLButtonElement}} warning
 * @param {string} key the management address of the file
 * @param {(answer: object) => void} exchanged is told the addresses of the picture without it
 */
export async function warnOfPosition({ element, button }, key, exchanged) {
  const { pathname } = new URL(key);
  const told = await ask(pathname, { headers: JSON_ONLY });
  if (!told?.personal?.includes("position")) return;
  element.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const body = new URLSearchParams({ action: "strip" });
    const answer = await ask(pathname, { method: "POST", headers: JSON_ONLY, body });
    button.disabled = false;
    if (answer?.url_m) {
      element.hidden = true;
      exchanged(answer);
    }
    tell(say(answer?.url_m ? "stripped" : "not_stripped"));
  });
}

async function ask(path, options) {
  try {
    const answer = await fetch(path, options);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
