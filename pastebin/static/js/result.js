/** What comes of the resize form: drawn here before the server makes it, then linked, downloaded, or made a file. */

/**
 * Return a function that shows the result of a query, of a part of the image, in a size.
 * @param {HTMLFormElement} form
 * @param {HTMLImageElement} image as the page shows it
 * @param {{width: number, height: number}} source
 */
export function installResult(form, image, source) {
  const find = (name) => form.querySelector(`[data-result-${name}]`);
  const [canvas, fault, download, save] = ["picture", "fault", "download", "save"].map(find);
  const { address, copies } = form.dataset;
  const pixels = new Image(); // the same bytes, but with sides in pixels of theirs
  let redraw = () => {};
  const load = () => (pixels.src = image.currentSrc);
  pixels.addEventListener("load", () => redraw());
  image.addEventListener("load", load);
  if (image.complete) load();

  save.addEventListener("click", async () => {
    save.disabled = true;
    try {
      location.assign(await copyOf(copies + new URL(form.querySelector("#resized").value).search));
    } catch (error) {
      tellFault(error.message || fault.dataset.failed);
    }
    save.disabled = false;
  });

  function tellFault(message) {
    fault.textContent = message;
    fault.hidden = !message;
  }

  return (query, part, size) => {
    const isTooLarge = !form.checkValidity() || size.width * size.height > Number(form.dataset.maxPixels);
    form.querySelector("#resized").value = address + query;
    find("size").textContent = `${size.width} × ${size.height}`;
    download.href = new URL(address).pathname + query;
    download.download = nameOf(form, image.alt, size, query);
    save.disabled = isTooLarge || query === "";
    find("open").disabled = isTooLarge;
    download.toggleAttribute("aria-disabled", isTooLarge);
    download.inert = isTooLarge;
    tellFault(isTooLarge ? fault.dataset.tooLarge : "");
    redraw = () => draw(canvas, pixels, source, part, size);
    redraw();
  };
}

/** Return the address of the page of a copy, made a file of its own; an Error with the server's own words. */
async function copyOf(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json, text/plain" } });
  const said = await answer.text();
  if (answer.ok) return new URL(said).pathname.replace("/i/", "/p/");
  let message = "";
  try {
    message = JSON.parse(said).error.message;
  } catch {
    // Not the service's own answer.
  }
  throw new Error(message);
}

function nameOf(form, name, { width, height }, query) {
  const [, stem, suffix] = /^(.*?)(\.\w{1,16})?$/s.exec(name);
  if (!query) return name;
  const format = form.elements.format.value;
  return `${stem}-${width}x${height}${format ? `.${format === "jpeg" ? "jpg" : format}` : (suffix ?? "")}`;
}

/** Draw what the server takes of a part: all of it, or the middle of it that has the sides of the result. */
function draw(canvas, image, source, part, size) {
  if (!image.naturalWidth) return;
  const scale = Math.min(240 / size.width, 180 / size.height, devicePixelRatio);
  canvas.width = Math.max(1, Math.round(size.width * scale));
  canvas.height = Math.max(1, Math.round(size.height * scale));
  const ratio = size.width / size.height;
  const width = Math.min(part.width, part.height * ratio);
  const height = Math.min(part.height, part.width / ratio);
  const loaded = image.naturalWidth / source.width;
  const from = [part.x + (part.width - width) / 2, part.y + (part.height - height) / 2, width, height];
  canvas.getContext("2d").drawImage(image, ...from.map((n) => n * loaded), 0, 0, canvas.width, canvas.height);
}
