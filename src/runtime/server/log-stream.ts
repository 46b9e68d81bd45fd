import type { Writable } from 'node:stream';

/** After a failed write (the disk is full) the file is tried again after this pause. Milliseconds. */
const reopenPause = 5000;

/** Lines that the disk does not take as fast as they come are dropped beyond this. Bytes. */
const maxBacklog = 4 * 1024 * 1024;

/**
 * Writes lines to streams that may fail: after an error `open` is asked for a new one. It never throws and never
 * waits; lines that were not written are counted, and the count is written when there is room again.
 */
export class LogStream {
  readonly #open: () => Writable;
  readonly #pause: number;
  #stream: Writable | undefined;
  #lost = 0;
  #reopenAt = 0;

  constructor(open: () => Writable, pause = reopenPause) {
    this.#open = open;
    this.#pause = pause;
    this.#stream = this.#opened();
  }

  write(line: string): void {
    if (this.#stream === undefined && performance.now() >= this.#reopenAt) this.#stream = this.#opened();
    const stream = this.#stream;
    if (stream === undefined || stream.writableLength > maxBacklog) {
      this.#lost++;
      return;
    }
    const lost = this.#lost;
    this.#lost = 0;
    if (lost > 0) this.#put(stream, lostLine(lost), lost);
    this.#put(stream, line, 1);
  }

  #put(stream: Writable, text: string, lines: number): void {
    stream.write(text, (error) => {
      if (error instanceof Error) this.#lost += lines;
    });
  }

  #opened(): Writable {
    const stream = this.#open();
    // A stream does not recover from an error. Its lines that were not written yet are told to the callback of each.
    stream.on('error', () => {
      if (this.#stream !== stream) return;
      this.#stream = undefined;
      this.#reopenAt = performance.now() + this.#pause;
    });
    return stream;
  }
}

function lostLine(lost: number): string {
  return `${JSON.stringify({ level: 40, time: new Date().toISOString(), lost, msg: 'lines lost' })}\n`;
}
