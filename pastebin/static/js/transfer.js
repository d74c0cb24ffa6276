/** One upload over the wire. */

/**
 * A transfer that did not end in a stored file: `code` is the server's, or one of ours, and
 * `retry` tells whether the same file may go through later.
 */
export class TransferError extends Error {
  constructor(code, { message = "", status = 0, retry = true } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.retry = retry;
  }
}

/**
 * Send a file as a form.
 * @param {string} address
 * @param {File} file
 * @param {{onProgress: (sent: number, total: number) => void, signal: AbortSignal, fields: [string, string][]}} options
 * @returns {Promise<{created: boolean, answer: object}>} or a TransferError
 */
export function send(address, file, { onProgress, signal, fields }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    for (const [name, value] of fields) form.append(name, value);
    if (file.isTyped) form.append("typed", "1"); // a text, whatever it looks like
    form.append("file", file, file.name);
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded, event.total);
    request.onload = () => {
      const answer = request.response;
      if ((request.status === 200 || request.status === 201) && answer?.url_p) {
        resolve({ created: request.status === 201, answer });
      } else {
        reject(refusal(request.status, answer?.error));
      }
    };
    request.onerror = () => reject(new TransferError("no_network"));
    request.onabort = () => reject(new TransferError("cancelled"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}

/** Return what an answer means that is no success: the server's own word, or something between here and there. */
export function refusal(status, error) {
  if (!error && status === 413) return new TransferError("too_large", { status, retry: false });
  if (!error && [502, 503, 504].includes(status)) return new TransferError("unavailable", { status });
  if (!error) return new TransferError("failed", { status });
  return new TransferError(error.code, { message: error.message, status, retry: error.retry ?? false });
}

/** Reject when a file can no longer be read: moved, changed, or a folder in disguise. */
export async function checkReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new TransferError("unreadable", { retry: false });
  }
}
