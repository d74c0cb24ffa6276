/** Deleting with time to think: the server is asked after ten seconds, or at once when the page is left. */
import { forget, mark, unmark } from "./records.js";

const GRACE = 10_000;
const waiting = new Set();

/**
 * Delete what an entry of the history holds, unless that is taken back in time.
 * @param {{url_p: string, keys: string[]}} entry
 * @param {{ended: (isShared: boolean) => void, failed: () => void}} then; `isShared` if others hold the link too
 * @returns {() => void} what takes it back
 */
export function deleteLater(entry, then) {
  const job = { entry, ...then };
  const timer = setTimeout(() => run(job), GRACE);
  job.stop = () => {
    clearTimeout(timer);
    waiting.delete(job);
  };
  waiting.add(job);
  return job.stop;
}

async function run(job) {
  job.stop();
  if (!(await release(job.entry))) return job.failed();
  forget(job.entry);
  job.ended(await isThere(job.entry));
}

/** Let every key of an entry go. Returns whether none is left. */
async function release({ keys }) {
  const answers = await Promise.all(keys.map(ask));
  return answers.every(Boolean);
}

async function ask(address) {
  try {
    const { ok, status } = await fetch(new URL(address).pathname, { method: "DELETE", keepalive: true });
    return ok || status === 404;
  } catch {
    return false;
  }
}

async function isThere({ url_p }) {
  try {
    return (await fetch(new URL(url_p).pathname, { method: "HEAD", cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/** Ask again for what an earlier page was left in the middle of, as it may not have reached the server. */
export async function finishDeleting(left, show) {
  for (const entry of left) {
    if (await release(entry)) forget(entry);
    else unmark(entry);
  }
  show();
}

addEventListener("pagehide", () => {
  mark([...waiting].map(({ entry }) => entry));
  for (const job of [...waiting]) run(job);
});
