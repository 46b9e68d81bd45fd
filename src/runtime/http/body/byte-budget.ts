/** A number of bytes that several holders share. When they run out, the largest holder loses its bytes. */
export class ByteBudget {
  readonly size: number;
  readonly #held = new Map<BudgetHolder, number>();
  #left: number;

  constructor(size: number) {
    this.size = size;
    this.#left = size;
  }

  /**
   * Returns false, without reserving, when the budget is exhausted and no other holder has more than this one would.
   */
  take(holder: BudgetHolder, bytes: number): boolean {
    const held = (this.#held.get(holder) ?? 0) + bytes;
    while (bytes > this.#left) {
      // The largest holders use up the budget. Refusing the latest request would refuse small ones again and again.
      const [largest, most] = this.#largest();
      if (largest === undefined || most <= held) return false;
      this.giveBack(largest);
      largest.giveWay();
    }
    this.#left -= bytes;
    this.#held.set(holder, held);
    return true;
  }

  /** Returns all bytes of a holder to the budget. */
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
  /** Called after the holder has lost its bytes. */
  giveWay(): void;
}
