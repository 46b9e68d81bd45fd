import type { ServerLog } from './log.js';

/** Enough for a person who tries addresses by hand, and for a client that was set up wrong. */
const burst = 100;

/** The log keeps 60 MB. At 700 bytes a line, strangers would need a day to push out what it says of the work. */
const perSecond = 1;

/** How long after the first line that was left out their number is written. */
const toldAfterMs = 10_000;

/**
 * Lines that anybody who reaches the port can cause, without a token: requests that are refused. A few are written at once and one a
 * second after that; the number of the others is written.
 */
export class BoundedLog {
  readonly #log: ServerLog;
  #room = burst;
  #filledAt = performance.now();
  #leftOut = 0;

  constructor(log: ServerLog) {
    this.#log = log;
  }

  /** @param write writes the line */
  add(write: (log: ServerLog) => void): void {
    const now = performance.now();
    this.#room = Math.min(burst, this.#room + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    if (this.#room < 1) {
      if (this.#leftOut++ === 0) setTimeout(() => this.#tell(), toldAfterMs).unref();
      return;
    }
    this.#room--;
    write(this.#log);
  }

  #tell(): void {
    this.#log.warn({ leftOut: this.#leftOut }, 'more requests were refused than the log has lines for');
    this.#leftOut = 0;
  }
}
