import { Transform, type TransformCallback } from 'node:stream';

/**
 * Passes on whole lines, and leaves out those that are too long. The SDK copies all of a line that it has with each 64 KiB that
 * arrive, which takes half a minute for a file of 48 MB, and ends at a line that is too long.
 */
export class WholeLines extends Transform {
  readonly #maxBytes: number;
  readonly #onTooLong: () => void;
  /** Of the line that is arriving. */
  #parts: Buffer[] = [];
  #length = 0;

  /** @param onTooLong is called as soon as a line has more than `maxBytes` */
  constructor(maxBytes: number, onTooLong: () => void) {
    super();
    this.#maxBytes = maxBytes;
    this.#onTooLong = onTooLong;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const first = chunk.indexOf('\n');
    if (first === -1) {
      this.#keep(chunk);
    } else {
      this.#keep(chunk.subarray(0, first + 1));
      this.#passOn();
      const last = chunk.lastIndexOf('\n');
      if (last > first) this.push(chunk.subarray(first + 1, last + 1));
      this.#keep(chunk.subarray(last + 1));
    }
    done();
  }

  #keep(part: Buffer): void {
    const wasTooLong = this.#isTooLong;
    this.#length += part.length;
    if (!this.#isTooLong) this.#parts.push(part);
    else if (!wasTooLong) {
      this.#parts = [];
      this.#onTooLong();
    }
  }

  #passOn(): void {
    if (!this.#isTooLong) this.push(Buffer.concat(this.#parts));
    this.#parts = [];
    this.#length = 0;
  }

  get #isTooLong(): boolean {
    return this.#length > this.#maxBytes;
  }
}
