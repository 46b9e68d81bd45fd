/** Aborts its signal if too few bytes come in some time. */
export class StallWatch {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #milliseconds: number;
  readonly #minBytes: number;
  /** Since the wait began. */
  #bytes = 0;

  constructor(milliseconds: number, minBytes: number) {
    this.#milliseconds = milliseconds;
    this.#minBytes = minBytes;
    this.#timer = setTimeout(() => this.#controller.abort(), milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the signal was aborted. */
  get problem(): string {
    const seconds = this.#milliseconds / 1000;
    return this.#bytes === 0 ? `nothing came for ${seconds} s` : `only ${this.#bytes} bytes came in ${seconds} s`;
  }

  /** Restarts the wait when enough bytes have come. */
  beat(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < this.#minBytes) return;
    this.#bytes = 0;
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    // Closes a response whose body was not read to its end.
    this.#controller.abort();
  }
}
