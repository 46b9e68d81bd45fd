import type { Writable } from 'node:stream';

/** After a failed write (a full disk) the file is opened again after this time. */
const defaultReopenDelayMs = 5000;

/** How often it is checked that the file still has its name. */
const checkEveryMs = 1000;

/** Lines are dropped while more than this waits for the disk. */
const maxBacklogBytes = 4 * 1024 ** 2;

/**
 * Writes lines to a stream that may fail, and calls `open` for a new one after an error. Never throws and never waits. Lines
 * that were not written are counted, and the count is written as soon as there is space again.
 */
export class LogStream {
  readonly #open: () => Writable;
  readonly #isLost: () => boolean;
  readonly #reopenDelayMs: number;
  #checkAt = 0;
  #stream: Writable | undefined;
  #lost = 0;
  #reopenAt = 0;

  /** @param isLost whether the file of the open stream was moved or deleted; a new one is opened then */
  constructor(open: () => Writable, reopenDelayMs = defaultReopenDelayMs, isLost: () => boolean = () => false) {
    this.#open = open;
    this.#isLost = isLost;
    this.#reopenDelayMs = reopenDelayMs;
    this.#stream = this.#openStream();
  }

  write(line: string): void {
    if (this.#stream === undefined && performance.now() >= this.#reopenAt) this.#stream = this.#openStream();
    this.#renewLost();
    const stream = this.#stream;
    if (stream === undefined || stream.writableLength > maxBacklogBytes) {
      this.#lost++;
      return;
    }
    const lost = this.#lost;
    this.#lost = 0;
    if (lost > 0) this.#writeTo(stream, lostLine(lost), lost);
    this.#writeTo(stream, line, 1);
  }

  #renewLost(): void {
    const now = performance.now();
    if (this.#stream === undefined || now < this.#checkAt) return;
    this.#checkAt = now + checkEveryMs;
    if (!this.#isLost()) return;
    // Lines that wait go to the old file, which a person may have moved.
    this.#stream.end();
    this.#stream = this.#openStream();
  }

  /** @param lines how many lost lines count if the write fails */
  #writeTo(stream: Writable, text: string, lines: number): void {
    stream.write(text, (error) => {
      if (error instanceof Error) this.#lost += lines;
    });
  }

  #openStream(): Writable {
    const stream = this.#open();
    // A stream does not recover from an error. The callbacks of its pending writes get the error too.
    stream.on('error', () => {
      if (this.#stream !== stream) return;
      this.#stream = undefined;
      this.#reopenAt = performance.now() + this.#reopenDelayMs;
    });
    return stream;
  }
}

function lostLine(lost: number): string {
  // The line before it may have been cut off. Readers skip the empty line that there is otherwise.
  return `\n${JSON.stringify({ level: 40, time: new Date().toISOString(), lost, msg: 'lines lost' })}\n`;
}
