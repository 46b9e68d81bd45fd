import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/**
 * Reads what tells no size: a pipe, which may have no end, and files of /proc, which say that they have no bytes and may have
 * millions of gigabytes.
 *
 * @throws an error that names the limit
 */
export async function readToEnd(handle: FileHandle, maxBytes: number): Promise<Buffer> {
  const chunks = new Chunks(maxBytes);
  for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) chunks.add(chunk);
  return chunks.whole();
}

/** The same for code that cannot wait. */
export function readToEndSync(descriptor: number, maxBytes: number): Buffer {
  const chunks = new Chunks(maxBytes);
  for (;;) {
    const chunk = Buffer.alloc(chunkSize);
    const count = readSync(descriptor, chunk);
    if (count === 0) return chunks.whole();
    chunks.add(chunk.subarray(0, count));
  }
}

const chunkSize = 64 * 1024;

class Chunks {
  readonly #chunks: Buffer[] = [];
  readonly #maxBytes: number;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > this.#maxBytes) throw new Error(`it has more bytes than the limit of ${this.#maxBytes}`);
    this.#chunks.push(chunk);
  }

  whole(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
