/** A number of bytes that several holders share. When they run out, the holder of the most has to give way. */
export class ByteBudget {
  readonly size: number;
  readonly #held = new Map<BudgetHolder, number>();
  #left: number;

  constructor(size: number) {
    this.size = size;
    this.#left = size;
  }

  /** False, taking nothing, when too few are left and no other holder has more than this one would have. */
  take(holder: BudgetHolder, bytes: number): boolean {
    const held = (this.#held.get(holder) ?? 0) + bytes;
    while (bytes > this.#left) {
      // The largest holders use the budget up. Refusing whoever comes last would punish small requests, again and again.
      const [largest, most] = this.#largest();
      if (largest === undefined || most <= held) return false;
      this.giveBack(largest);
      largest.giveWay();
    }
    this.#left -= bytes;
    this.#held.set(holder, held);
    return true;
  }

  /** Gives back all that it holds. */
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
