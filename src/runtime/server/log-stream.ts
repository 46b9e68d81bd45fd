import type { Writable } from 'node:stream';

/** After a failed write (a full disk) the file is opened again after this time. */
const defaultReopenDelayMs = 5000;

/** Lines are dropped while more than this waits for the disk. */
const maxBacklogBytes = 4 * 1024 ** 2;

/**
 * Writes lines to a stream that may fail, and calls `open` for a new one after an error. Never throws and never waits. Lines
 * that were not written are counted, and the count is written as soon as there is space again.
 */
export class LogStream {
  readonly #open: () => Writable;
  readonly #reopenDelayMs: number;
  #stream: Writable | undefined;
  #lost = 0;
  #reopenAt = 0;

  constructor(open: () => Writable, reopenDelayMs = defaultReopenDelayMs) {
    this.#open = open;
    this.#reopenDelayMs = reopenDelayMs;
    this.#stream = this.#openStream();
  }

  write(line: string): void {
    if (this.#stream === undefined && performance.now() >= this.#reopenAt) this.#stream = this.#openStream();
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
  return `${JSON.stringify({ level: 40, time: new Date().toISOString(), lost, msg: 'lines lost' })}\n`;
}
