/**
 * Bounds what is in work at once: one page more than are read at a time, and the bytes of their files. A document fills at most
 * all processes, so that the next file begins while its last pages are read.
 */
export class Slots {
  readonly #parallel: number;
  readonly #maxBytes: number;
  #pages = 0;
  #bytes = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param parallel pages that are read at a time */
  constructor(parallel: number, maxBytes: number) {
    this.#parallel = parallel;
    this.#maxBytes = maxBytes;
  }

  /** Runs `work` when there is room for the pages of a file, in the order of the calls. */
  async run<T>(pages: number, work: (hold: Hold) => Promise<T>): Promise<T> {
    while (!this.#hasRoom()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const taken = Math.min(pages, this.#parallel);
    this.#pages += taken;
    this.#wakeNext();
    let held = 0;
    try {
      return await work((bytes) => {
        held = bytes;
        this.#bytes += bytes;
      });
    } finally {
      this.#pages -= taken;
      this.#bytes -= held;
      this.#wakeNext();
    }
  }

  /** The woken one wakes the next: a document leaves room for several pictures. */
  #wakeNext(): void {
    if (this.#hasRoom()) this.#waiting.shift()?.();
  }

  #hasRoom(): boolean {
    return this.#pages <= this.#parallel && (this.#pages === 0 || this.#bytes < this.#maxBytes);
  }
}

/** Counts the bytes of a file that is in memory until its work ends. */
export type Hold = (bytes: number) => void;
