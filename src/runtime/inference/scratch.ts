/**
 * Reuses float arrays, so that an inference does not allocate and clear megabytes each time. A lent array belongs to one
 * caller until its promise settles; concurrent callers get different arrays.
 */
export class Scratch {
  readonly #free: Float32Array[] = [];

  /** Lends `length` floats with arbitrary content to `use`. */
  async lend<T>(length: number, use: (buffer: Float32Array) => Promise<T>): Promise<T> {
    const kept = this.#free.pop();
    const buffer = kept !== undefined && kept.length >= length ? kept : new Float32Array(length);
    try {
      return await use(buffer.subarray(0, length));
    } finally {
      this.#free.push(buffer);
    }
  }
}
