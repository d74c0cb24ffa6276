/** The requests of tus 1.0.0 that this page makes. */
import { refusal, TransferError } from "./transfer.js";

const VERSION = { "Tus-Resumable": "1.0.0" };

/**
 * Send one request; a TransferError for whatever is no success.
 * @param {{headers?: object, body?: Blob, signal?: AbortSignal, onProgress?: (sent: number) => void}} options
 * @returns {Promise<XMLHttpRequest>}
 */
function ask(method, address, { headers = {}, body = null, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of Object.entries({ ...VERSION, ...headers })) request.setRequestHeader(name, value);
    request.setRequestHeader("Accept", "application/json");
    if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded);
    const stop = () => request.abort();
    const end = (done, value) => {
      signal?.removeEventListener("abort", stop);
      done(value);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) end(resolve, request);
      else end(reject, failureOf(request));
    };
    request.onerror = () => end(reject, new TransferError("no_network"));
    request.onabort = () => end(reject, new TransferError("cancelled"));
    if (signal?.aborted) return end(reject, new TransferError("cancelled"));
    signal?.addEventListener("abort", stop);
    request.send(body);
  });
}

function failureOf(request) {
  let said;
  try {
    said = JSON.parse(request.responseText).error;
  } catch {
    // Of something between here and the server.
  }
  const error = refusal(request.status, said);
  error.after = Number(request.getResponseHeader("Retry-After")) || 0;
  return error;
}

const encode = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Begin an upload and return its address. */
export async function create(address, file, fields, signal) {
  const typed = file.isTyped ? [["typed", "1"]] : [];
  const pairs = [["filename", file.name], ...typed, ...fields];
  const metadata = pairs.map(([name, value]) => `${name} ${encode(value)}`).join(",");
  const headers = { "Upload-Length": file.size, "Upload-Metadata": metadata };
  const answer = await ask("POST", address, { headers, signal });
  return new URL(answer.getResponseHeader("Location"), address).href;
}

/** Return how many bytes the server has; null if it knows the upload no more. */
export async function offsetOf(upload, signal) {
  try {
    return offsetIn(await ask("HEAD", upload, { signal }));
  } catch (error) {
    if ([403, 404, 410].includes(error.status)) return null;
    throw error;
  }
}

/**
 * Append a piece.
 * @returns {Promise<{offset: number, manage: string | null}>}, with the management address once all is there
 */
export async function append(upload, offset, piece, { signal, onProgress }) {
  const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": offset };
  if (crypto.subtle && piece.size) headers["Upload-Checksum"] = `sha256 ${await checksumOf(piece)}`;
  const answer = await ask("PATCH", upload, { headers, body: piece, signal, onProgress });
  const [, manage] = /<([^>]*)>;\s*rel="edit"/.exec(answer.getResponseHeader("Link") ?? "") ?? [];
  return { offset: offsetIn(answer), manage: manage ?? null };
}

async function checksumOf(piece) {
  let data;
  try {
    data = await piece.arrayBuffer();
  } catch {
    throw new TransferError("unreadable", { retry: false });
  }
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-256", data))));
}

function offsetIn(answer) {
  const text = answer.getResponseHeader("Upload-Offset");
  if (!/^\d+$/.test(text ?? "")) throw new TransferError("failed", { status: answer.status });
  return Number(text);
}

/** Give an upload up; where it cannot be told now, it ends by itself. */
export function giveUp(upload) {
  return fetch(upload, { method: "DELETE", headers: VERSION, keepalive: true }).catch(() => {});
}
