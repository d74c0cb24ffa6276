/** Uploads in turn, a few at a time. */
import { Pausing } from "./pausing.js";
import { checkReadable, send, TransferError } from "./transfer.js";

const AT_ONCE = 3;
const RESUMABLE_SIZE = 8 * 2 ** 20; // from here on an upload that breaks off is worth going on with
const WINDOW = 4000; // milliseconds over which the speed is measured

/**
 * A file on its way, or the address of one (`{url, name, size: 0}`). Its state is one of waiting, sending, storing, done, failed, cancelled;
 * `onChange` is called at every change of it.
 */
export class Upload {
  state = "waiting";
  sent = 0;
  total = 0;
  speed = 0;
  answer = null;
  created = false;
  error = null;
  note = ""; // why a resumable upload waits: paused, offline, retrying, elsewhere
  pausing = new Pausing();
  onChange = () => {};
  #abort = null;
  #samples = [];

  constructor(file, fields = []) {
    this.file = file;
    this.fields = fields;
    this.total = file.size;
  }

  /** Tell whether it can be paused, and goes on after a cut or a reload. */
  get isResumable() {
    return this.file.size >= RESUMABLE_SIZE;
  }

  /** Tell whether the server fetches it from elsewhere. */
  get isRemote() {
    return "url" in this.file;
  }

  /** Send the file; resolves when it is done, whatever came of it. */
  async run(address) {
    this.#abort = new AbortController();
    this.#samples = [];
    this.error = null;
    this.#become("sending");
    const watch = setInterval(() => this.state === "sending" && this.#progress(this.sent, this.total), 2000);
    try {
      if (!this.isRemote) await checkReadable(this.file);
      if (this.#abort.signal.aborted) throw new TransferError("cancelled");
      const onProgress = (sent, total) => this.#progress(sent, total);
      const onNote = (note) => this.#explain(note);
      const options = { onProgress, onNote, signal: this.#abort.signal, fields: this.fields, pausing: this.pausing };
      const way = await this.#way();
      Object.assign(this, await way(address, this.file, options));
      this.#become("done");
    } catch (error) {
      this.fail(error);
    } finally {
      clearInterval(watch);
    }
  }

  /** Give up: at once while it is sent, and for good while it waits. */
  cancel() {
    if (this.state === "waiting") this.fail(new TransferError("cancelled"));
    else this.#abort?.abort();
  }

  /** Note why the file is not stored. */
  fail(error) {
    this.error = error;
    this.#become(error.code === "cancelled" ? "cancelled" : "failed");
  }

  /** Wait for another turn. */
  again() {
    this.sent = 0;
    this.note = "";
    this.pausing = new Pausing();
    this.#become("waiting");
  }

  async #way() {
    if (this.isRemote) return (await load("./remote.js")).fetchRemote;
    return this.isResumable ? (await load("./resumable.js")).sendResumable : send;
  }

  #progress(sent, total) {
    const now = performance.now();
    this.#samples = this.#samples.filter(([time]) => now - time < WINDOW);
    this.#samples.push([now, sent]);
    const [since, before] = this.#samples[0];
    this.speed = now > since ? ((sent - before) / (now - since)) * 1000 : 0;
    this.sent = sent;
    this.total = total;
    this.#become(sent < total || !total ? "sending" : "storing");
  }

  #explain(note) {
    if (note === this.note) return;
    this.note = note;
    this.#samples = [];
    this.onChange(this);
  }

  #become(state) {
    this.state = state;
    this.onChange(this);
  }
}

/** Load what only some uploads need. */
async function load(name) {
  try {
    return await import(name);
  } catch {
    throw new TransferError("no_network");
  }
}

/** Runs uploads to one address, AT_ONCE at a time, and those that the network broke again. */
export class Queue {
  #waiting = [];
  #running = 0;
  #broken = new Set();

  constructor(address) {
    this.address = address;
    addEventListener("online", () => this.#broken.forEach((upload) => this.add(upload)));
  }

  /** Queue an upload, new or failed. */
  add(upload) {
    this.#broken.delete(upload);
    if (upload.state !== "waiting") upload.again();
    this.#waiting.push(upload);
    this.#next();
  }

  /** Forget an upload that nobody wants to retry. */
  forget(upload) {
    this.#broken.delete(upload);
  }

  async #next() {
    if (this.#running >= AT_ONCE) return;
    const upload = this.#waiting.shift();
    if (!upload) return;
    if (upload.state === "waiting") {
      this.#running += 1;
      await upload.run(this.address);
      this.#running -= 1;
      if (upload.error?.code === "no_network") this.#broken.add(upload);
    }
    this.#next();
  }
}
