/** One tab sends a file; others with the same file show how far it is, and go on when that tab is closed. */
import { TransferError } from "./transfer.js";

const nameOf = (id) => `pastebin upload ${id}`;

/** Return a function that tells whether some tab, perhaps this one, is sending a file now. */
export async function askWhoSends() {
  const { held } = (await navigator.locks?.query()) ?? { held: [] };
  const names = new Set(held.map(({ name }) => name));
  return (id) => names.has(nameOf(id));
}

/**
 * Run `run` while no other tab sends the same file, and return its answer, or that of the other tab.
 * @param {string} id of the file
 * @param {{signal: AbortSignal, onProgress: Function, onNote: Function}} options
 * @param {(tell: (news: object) => void, upload: string | null) => Promise<object>} run is given how to tell the
 *   other tabs, and the address of the upload if another tab began it
 */
export async function inTurn(id, options, run) {
  if (!navigator.locks) return run(() => {}, null);
  if ((await askWhoSends())(id)) options.onNote("elsewhere");
  const channel = new BroadcastChannel(nameOf(id));
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  options.signal.addEventListener("abort", stop);
  try {
    const answered = new Promise((resolve) => follow(channel, options, resolve));
    const turn = navigator.locks.request(nameOf(id), { signal: waiting.signal }, () => send(channel, run));
    return await Promise.race([turn, answered]);
  } catch (error) {
    throw error.name === "AbortError" ? new TransferError("cancelled") : error;
  } finally {
    options.signal.removeEventListener("abort", stop);
    stop();
    channel.close();
  }
}

/** Show what another tab tells, until it tells that the file is there. */
function follow(channel, { onProgress, onNote }, resolve) {
  channel.onmessage = ({ data }) => {
    channel.upload = data.upload ?? channel.upload;
    if (data.answer) return resolve(data.answer);
    onNote("elsewhere");
    onProgress(data.sent, data.total);
  };
}

async function send(channel, run) {
  channel.onmessage = null;
  const answer = await run((news) => channel.postMessage(news), channel.upload ?? null);
  channel.postMessage({ answer });
  return answer;
}
