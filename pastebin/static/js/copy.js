/** Copying to the clipboard, with a word about it for eyes and ears. */

const toast = document.querySelector("[data-toast]");
let fading;

/** Show a short message at the foot of the window; screen readers speak it. */
export function tell(message) {
  toast.textContent = message;
  toast.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => toast.classList.remove("shown"), 2500);
}

/**
 * Copy a text; where the browser forbids that (plain http), select it in `field` instead.
 * @param {string} text
 * @param {HTMLInputElement} [field]
 */
export async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    tell(document.body.dataset.copied);
  } catch {
    tell(copySelected(text, field) ? document.body.dataset.copied : document.body.dataset.notCopied);
  }
}

/** Copy the way older browsers and insecure origins still allow. Returns whether it worked. */
function copySelected(text, given) {
  const field = given ?? document.body.appendChild(document.createElement("textarea"));
  if (!given) field.value = text;
  field.select();
  const copied = document.execCommand("copy");
  if (!given) field.remove();
  return copied;
}

/** Make every copy button copy the field beside it, now and for buttons that come later. */
export function installCopying() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    const field = button?.parentElement.querySelector("[data-copy-value]");
    if (field) copy(field.value ?? field.href, field.value === undefined ? undefined : field);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("input[data-copy-value]")) event.target.select();
  });
}
