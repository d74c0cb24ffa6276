/** Files that the server fetches from elsewhere, while this page looks how far it is. */
import { refusal, TransferError } from "./transfer.js";
import { giveUp } from "./tus.js";

const EVERY = 600; // milliseconds between two looks
const MISSED = 30; // so many looks in a row may fail
const FOR_EVER = ["bad_remote", "too_large", "banned", "forbidden", "not_an_image"];

/**
 * Call `take` with what the form says when it is sent.
 * @param {HTMLFormElement} form
 * @param {(file: {url: string, name: string, size: number}) => boolean} take tells whether the form may be emptied
 */
export function installAddresses(form, take) {
  const field = form.elements.url;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const url = field.value.trim();
    if (take({ url, name: nameIn(url), size: 0 })) field.value = "";
  });
}

/** Return what a card is called until the server has said more. */
function nameIn(url) {
  try {
    const { host, pathname } = new URL(url);
    return decodeURIComponent(pathname.split("/").pop()) || host;
  } catch {
    return url;
  }
}

/** Have an address fetched, as `send` of transfer.js sends a file. */
export async function fetchRemote(home, file, { onProgress, signal, fields }) {
  const upload = await begin(home, file.url, fields);
  const said = await untilOver(upload, onProgress, signal).catch((error) => {
    if (!signal.aborted) throw error;
    giveUp(upload);
    throw new TransferError("cancelled"); // also where an answer broke off in the middle
  });
  const answer = await read(await ask(said.url_m, {}));
  return { created: true, answer, file: { ...file, size: said.length } };
}

/** Begin, and return the address to look at. */
async function begin(home, url, fields) {
  const body = new FormData();
  for (const [name, value] of [...fields, ["url", url]]) body.append(name, value);
  const answer = await ask(home, { method: "POST", headers: { Prefer: "respond-async" }, body });
  await read(answer);
  return new URL(answer.headers.get("Location"), home).href;
}

async function untilOver(upload, onProgress, signal) {
  for (let missed = 0; ; ) {
    await pause(EVERY, signal);
    try {
      const said = await read(await ask(upload, { signal }));
      if (said.error) throw failure(said.error);
      if (said.url_m) return said;
      onProgress(said.offset, said.length ?? 0);
      missed = 0;
    } catch (error) {
      missed += 1;
      if (error.code !== "no_network" || missed > MISSED) throw error;
    }
  }
}

function failure({ code, message }) {
  return new TransferError(code, { message, retry: !FOR_EVER.includes(code) });
}

async function ask(address, { headers, signal, ...options }) {
  try {
    return await fetch(address, { ...options, signal, headers: { Accept: "application/json", ...headers } });
  } catch {
    throw new TransferError(signal?.aborted ? "cancelled" : "no_network");
  }
}

/** Return what an answer says; a TransferError for one that is no success. */
async function read(answer) {
  const said = await answer.json().catch(() => null);
  if (!answer.ok || !said) throw refusal(answer.status, said?.error);
  return said;
}

/** Wait so many milliseconds, or until the signal says that it is over. */
function pause(time, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, time);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
  });
}
