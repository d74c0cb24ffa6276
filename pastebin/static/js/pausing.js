/** A switch that holds an upload, and lets it go on. */
export class Pausing extends EventTarget {
  isPaused = false;

  /** Hold, or let go on. */
  set(isPaused) {
    this.isPaused = isPaused;
    this.dispatchEvent(new Event("change"));
  }
}
