/** Bytes that several may hold together. */
export class ByteBudget {
  readonly size: number;
  #left: number;

  constructor(size: number) {
    this.size = size;
    this.#left = size;
  }

  /** False, and nothing taken, when so many are not left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}
