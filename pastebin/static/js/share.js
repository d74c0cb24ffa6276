/** The ways to pass a file on, each as text to copy. */

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const forHtml = (text) => text.replace(/[&<>"']/g, (sign) => escapes[sign]);
const forMarkdown = (text) => text.replace(/[\\`*_[\]<>!#|]/g, "\\$&");
const forBbcode = (text) => text.replace(/[[\]]/g, "");
const forShell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const forFile = (text) => forShell(text.startsWith("-") ? `./${text}` : text);

/**
 * Return format → text for a file as `POST /` describes it.
 * @param {{url_p: string, url_i: string, url_d: string, url_s: string, filename: string, type: string}} file
 */
export function shareTexts(file) {
  const { url_p: page, url_i: direct, url_d: download, url_s: short, filename } = file;
  const isImage = file.type === "image";
  return {
    short,
    page,
    direct,
    markdown: isImage ? `![${forMarkdown(filename)}](${direct})` : `[${forMarkdown(filename)}](${page})`,
    html: isImage
      ? `<a href="${page}"><img src="${direct}" alt="${forHtml(filename)}"></a>`
      : `<a href="${page}">${forHtml(filename)}</a>`,
    bbcode: isImage ? `[url=${page}][img]${direct}[/img][/url]` : `[url=${page}]${forBbcode(filename)}[/url]`,
    curl: `curl -o ${forFile(filename)} ${download}`,
    wget: `wget -O ${forFile(filename)} ${download}`,
  };
}

/**
 * Show an address in a link as a host and the rest, which is never broken into two lines.
 * @param {HTMLAnchorElement} link
 * @param {string} address
 */
export function showAddress(link, address) {
  const { host } = new URL(address);
  const [start, code] = [document.createElement("span"), document.createElement("span")];
  start.textContent = host;
  code.textContent = address.slice(address.indexOf(host) + host.length);
  code.className = "link-code";
  link.href = address;
  link.replaceChildren(start, document.createElement("wbr"), code);
}

/** Fill every field below `root` that names a format. */
export function fillShares(root, file) {
  const texts = shareTexts(file);
  for (const field of root.querySelectorAll("[data-share]")) {
    if (field instanceof HTMLAnchorElement) showAddress(field, texts[field.dataset.share]);
    else field.value = texts[field.dataset.share];
  }
}

/** Bring a button to life that hands a link to other programs of the device, where there is such a way. */
export function installWebShare(button, { filename, url_s: url }) {
  if (!button || !navigator.share) return;
  button.hidden = false;
  button.addEventListener("click", () => navigator.share({ title: filename, url }).catch(() => {}));
}
