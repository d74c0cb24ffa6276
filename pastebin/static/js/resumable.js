/** Large files in pieces: what breaks off goes on where the server says, also after a reload. */
import { inTurn } from "./turns.js";
import { TransferError } from "./transfer.js";
import * as tus from "./tus.js";
import { drop, find, idOf, keep, markSending } from "./unfinished.js";

const PIECE = 8 * 2 ** 20;
const PAUSES = [1, 2, 4, 8, 15, 30, 30, 30]; // seconds; as many failures in a row without a byte are too many
const PASSING = [423, 429, 460]; // of what the server says may pass, beside its own faults
const OUT_OF_STEP = [404, 409, 410]; // of a piece: it was not expected, or the upload is gone

/**
 * Send a file, as `send` of transfer.js does. `pausing` can hold it; `onNote` is told why it waits, and "" after it.
 */
export async function sendResumable(home, file, options) {
  const id = await idOf(file);
  const transfer = new Transfer(new URL("tus", home).href, file, id, options);
  const end = markSending(id);
  try {
    return { created: true, answer: await inTurn(id, options, (tell, upload) => transfer.run(tell, upload)) };
  } finally {
    end();
  }
}

class Transfer {
  #tell = () => {};
  #upload = null;
  #begunWith = null;
  #manage = null;
  #failures = 0;

  constructor(address, file, id, options) {
    Object.assign(this, { address, file, id, options });
  }

  /** Send all that is missing and return what the server says of the file. */
  async run(tell, upload) {
    let record = find(this.id);
    if (record && isStripped(record.fields) !== isStripped(this.options.fields)) {
      tus.giveUp(record.upload); // that cannot be changed later
      drop(this.id);
      record = null;
    }
    this.#tell = tell;
    this.#upload = record?.upload ?? upload;
    this.#begunWith = record?.fields ?? null;
    try {
      return await this.#untilDone();
    } catch (error) {
      if (error.code === "cancelled" && this.#upload) tus.giveUp(this.#upload);
      if (error.code === "cancelled" || !error.retry) drop(this.id);
      throw error;
    }
  }

  async #untilDone() {
    for (let offset = null; ; ) {
      await this.#mayGoOn();
      try {
        offset ??= await this.#whereItStands();
        const before = offset;
        ({ offset, manage: this.#manage } = await this.#append(offset));
        if (offset > before) this.#failures = 0;
        if (this.#manage) return await this.#result();
        this.#note(offset);
      } catch (error) {
        await this.#recover(error);
        offset = null;
      }
    }
  }

  /** Return the offset of the upload, which is begun if there is none or it is gone. */
  async #whereItStands() {
    const { fields, signal } = this.options;
    const known = this.#upload ? await tus.offsetOf(this.#upload, signal) : null;
    if (known !== null) {
      this.#show(known);
      return known;
    }
    this.#upload = await tus.create(this.address, this.file, fields, signal);
    this.#begunWith = fields;
    this.#note(0);
    return 0;
  }

  async #append(offset) {
    const piece = this.file.slice(offset, offset + PIECE);
    const { signal, end } = this.#untilPausedOrCancelled();
    const onProgress = (sent) => this.#show(Math.min(offset + sent, this.file.size));
    try {
      return await tus.append(this.#upload, offset, piece, { signal, onProgress });
    } catch (error) {
      error.isOutOfStep = OUT_OF_STEP.includes(error.status);
      throw error;
    } finally {
      end();
    }
  }

  /** Return a signal for one request. */
  #untilPausedOrCancelled() {
    const { signal, pausing } = this.options;
    const controller = new AbortController();
    const stop = () => (signal.aborted || pausing.isPaused) && controller.abort();
    signal.addEventListener("abort", stop);
    pausing.addEventListener("change", stop);
    stop();
    const end = () => {
      signal.removeEventListener("abort", stop);
      pausing.removeEventListener("change", stop);
    };
    return { signal: controller.signal, end };
  }

  /** Wait while it is paused or the browser is offline. */
  async #mayGoOn() {
    const { pausing, signal, onNote } = this.options;
    for (;;) {
      if (signal.aborted) throw new TransferError("cancelled");
      const reason = pausing.isPaused ? "paused" : navigator.onLine ? "" : "offline";
      onNote(reason);
      if (!reason) return;
      await firstOf([pausing, "change"], [globalThis, "online"], [signal, "abort"]);
    }
  }

  /**
   * Wait after a failure that passes, longer each time; throw the others. After it the server is asked where the
   * upload stands, and one that is gone is begun anew.
   */
  async #recover(error) {
    const { signal, pausing, onNote } = this.options;
    if (signal.aborted) throw new TransferError("cancelled");
    if (pausing.isPaused || error.code === "cancelled" || !navigator.onLine) return;
    if (!passes(error) || this.#failures >= PAUSES.length) throw error;
    const seconds = Math.max(PAUSES[this.#failures], Math.min(error.after ?? 0, 60));
    this.#failures += 1;
    onNote("retrying");
    await firstOf([pausing, "change"], [globalThis, "online"], [signal, "abort"], seconds * 1000);
  }

  /** Ask for the file by its management address, with the terms as they are wished for now. */
  async #result() {
    const changes = this.#changes();
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    const change = { method: "PATCH", headers, body: JSON.stringify(changes) };
    const answer = await fetch(this.#manage, Object.keys(changes).length ? change : { headers }).catch(() => {
      throw new TransferError("no_network");
    });
    const said = await answer.json().catch(() => null);
    if (!answer.ok || !said?.url_p) throw new TransferError(said?.error?.code ?? "failed", { status: answer.status });
    drop(this.id);
    return said;
  }

  /** Return the terms that were not wished for when the upload began, perhaps before a reload. */
  #changes() {
    const { fields } = this.options;
    if (this.#begunWith === fields) return {};
    const before = new Map(this.#begunWith ?? []);
    const now = new Map(fields);
    const cleared = ["expires", "downloads"].filter((name) => before.has(name) && !now.has(name));
    const changed = fields.filter(([name, value]) => name !== "strip" && before.get(name) !== value);
    return Object.fromEntries([...cleared.map((name) => [name, null]), ...changed]);
  }

  #show(sent) {
    this.options.onProgress(sent, this.file.size);
    this.#tell({ upload: this.#upload, sent, total: this.file.size });
  }

  #note(sent) {
    const { name, size } = this.file;
    keep({ id: this.id, upload: this.#upload, name, size, sent, fields: this.#begunWith ?? [] });
    this.#show(sent);
  }
}

const isStripped = (fields) => fields.some(([name]) => name === "strip");

/** Tell whether going on by itself makes sense. Room in an account's quota has to be made by somebody. */
function passes({ code, status, retry, isOutOfStep }) {
  if (code === "no_network" || isOutOfStep) return true;
  return retry && code !== "quota_exceeded" && (status >= 500 || PASSING.includes(status));
}

/** Wait for the first of some events, each [target, name], or of a time in milliseconds. */
function firstOf(...things) {
  return new Promise((resolve) => {
    const once = new AbortController();
    const done = () => {
      once.abort();
      resolve();
    };
    for (const thing of things) {
      if (typeof thing === "number") {
        const timer = setTimeout(done, thing);
        once.signal.addEventListener("abort", () => clearTimeout(timer));
      } else thing[0].addEventListener(thing[1], done, { signal: once.signal });
    }
  });
}
