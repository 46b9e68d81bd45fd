/** Aborts what has not moved for a while. */
export class StallWatch {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(milliseconds: number) {
    this.#timer = setTimeout(() => this.#controller.abort(), milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** It moved: wait anew. */
  beat(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    // Ends what is still open: an answer that nobody reads on.
    this.#controller.abort();
  }
}
