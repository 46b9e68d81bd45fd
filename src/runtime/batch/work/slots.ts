/** Bounds what is in work at once: a number of files, and their bytes. */
export class Slots {
  readonly #maxFiles: number;
  readonly #maxBytes: number;
  #files = 0;
  #bytes = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(maxFiles: number, maxBytes: number) {
    this.#maxFiles = maxFiles;
    this.#maxBytes = maxBytes;
  }

  /** Runs `work` when there is room for a file, in the order of the calls. */
  async run<T>(work: (hold: Hold) => Promise<T>): Promise<T> {
    while (!this.#hasRoom()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#files++;
    let held = 0;
    try {
      return await work((bytes) => {
        held = bytes;
        this.#bytes += bytes;
      });
    } finally {
      this.#files--;
      this.#bytes -= held;
      this.#waiting.shift()?.();
      if (this.#hasRoom()) this.#waiting.shift()?.();
    }
  }

  #hasRoom(): boolean {
    return this.#files < this.#maxFiles && (this.#files === 0 || this.#bytes < this.#maxBytes);
  }
}

/** Counts the bytes of a file that is in memory until its work ends. */
export type Hold = (bytes: number) => void;
