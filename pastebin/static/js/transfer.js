/** One upload over the wire. */

/** A transfer that did not end in a stored file: `code` is the server's, or one of ours. */
export class TransferError extends Error {
  constructor(code, message = "", status = 0) {
    super(message);
    this.code = code;
    this.status = status;
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
        reject(new TransferError(answer?.error?.code ?? "failed", answer?.error?.message, request.status));
      }
    };
    request.onerror = () => reject(new TransferError("no_network"));
    request.onabort = () => reject(new TransferError("cancelled"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}

/** Reject when a file can no longer be read: moved, changed, or a folder in disguise. */
export async function checkReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new TransferError("unreadable");
  }
}
