/** Uploads that were begun in this browser: where they are, and of which file. */

export const KEY = "pastebin.unfinished";
const LIMIT = 50;
const SAMPLE = 2 ** 20;

/**
 * Return what tells a file from others, also after a reload: name, size, time and the SHA-256 of its first MiB,
 * which browsers compute on https alone.
 */
export async function idOf(file) {
  const facts = [file.webkitRelativePath || file.name, file.size, file.lastModified];
  if (!crypto.subtle) return JSON.stringify(facts);
  const digest = await crypto.subtle.digest("SHA-256", await file.slice(0, SAMPLE).arrayBuffer());
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return JSON.stringify([...facts, hex]);
}

const isWhole = ({ id, upload, name, size, sent, fields }) =>
  [id, upload, name].every((text) => typeof text === "string") &&
  [size, sent].every(Number.isFinite) &&
  Array.isArray(fields);

/** Return the records, the newest first: {id, upload, name, size, sent, fields}. */
export function all() {
  try {
    const records = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(records) ? records.filter((record) => record && isWhole(record)) : [];
  } catch {
    return [];
  }
}

/** Return the record of a file, if it has one. */
export function find(id) {
  return all().find((record) => record.id === id);
}

/** Keep a record instead of the one of the same file; `fields` without a password. */
export function keep(record) {
  const fields = record.fields.filter(([name]) => name !== "password");
  write([{ ...record, fields }, ...all().filter(({ id }) => id !== record.id)]);
}

/** Forget the record of a file. */
export function drop(id) {
  write(all().filter((record) => record.id !== id));
  changes.dispatchEvent(new Event("change"));
}

/** Tells, by "change", that this page sends other files than before. */
export const changes = new EventTarget();

const sending = [];

/** Tell whether this page sends a file. */
export const isSending = (id) => sending.includes(id);

/** Note that this page sends a file, until what is returned is called. */
export function markSending(id) {
  sending.push(id);
  changes.dispatchEvent(new Event("change"));
  return () => {
    sending.splice(sending.indexOf(id), 1);
    changes.dispatchEvent(new Event("change"));
  };
}

function write(records) {
  try {
    if (records.length) localStorage.setItem(KEY, JSON.stringify(records.slice(0, LIMIT)));
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing: uploads go on after a cut, but not after a reload.
  }
}
