/** Bytes that several hold together. Where they run out, whoever holds most gives way. */
export class ByteBudget {
  readonly size: number;
  readonly #held = new Map<BudgetHolder, number>();
  #left: number;

  constructor(size: number) {
    this.size = size;
    this.#left = size;
  }

  /** False, and nothing taken, when so many are not left and nobody else holds more than this holder would. */
  take(holder: BudgetHolder, bytes: number): boolean {
    const held = (this.#held.get(holder) ?? 0) + bytes;
    while (bytes > this.#left) {
      // Few hold most of a budget that runs out: whoever comes last is not to blame, and would be refused for as long.
      const [largest, most] = this.#largest();
      if (largest === undefined || most <= held) return false;
      this.giveBack(largest);
      largest.giveWay();
    }
    this.#left -= bytes;
    this.#held.set(holder, held);
    return true;
  }

  /** All that it holds. */
  giveBack(holder: BudgetHolder): void {
    this.#left += this.#held.get(holder) ?? 0;
    this.#held.delete(holder);
  }

  #largest(): [holder: BudgetHolder | undefined, bytes: number] {
    let largest: BudgetHolder | undefined;
    let most = 0;
    for (const [holder, bytes] of this.#held) if (bytes > most) [largest, most] = [holder, bytes];
    return [largest, most];
  }
}

export interface BudgetHolder {
  /** What it held has been taken from it. */
  giveWay(): void;
}
