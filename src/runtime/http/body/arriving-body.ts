import type { BudgetHolder, ByteBudget } from './byte-budget.js';

/** Bytes of a block; what a body takes of the budget is counted in blocks. */
export const blockSize = 64 * 1024;

/**
 * What has come of a body. It is copied into blocks: a client may send each byte as a chunk of its own, and a buffer of
 * one byte takes 450 of memory, of which the budget would know nothing.
 */
export class ArrivingBody implements BudgetHolder {
  readonly giveWay: () => void;
  readonly #budget: ByteBudget;
  #blocks: Buffer[] = [];
  /** The free end of the last block. */
  #room = Buffer.alloc(0);
  #length = 0;

  constructor(budget: ByteBudget, giveWay: () => void) {
    this.#budget = budget;
    this.giveWay = giveWay;
  }

  get length(): number {
    return this.#length;
  }

  /** False when the budget has no room for it. */
  add(chunk: Buffer): boolean {
    for (let rest = chunk; rest.length > 0;) {
      if (this.#room.length === 0) {
        if (!this.#budget.take(this, blockSize)) return false;
        this.#room = Buffer.allocUnsafeSlow(blockSize);
        this.#blocks.push(this.#room);
      }
      const copied = rest.copy(this.#room);
      this.#room = this.#room.subarray(copied);
      this.#length += copied;
      rest = rest.subarray(copied);
    }
    return true;
  }

  whole(): Buffer {
    return Buffer.concat(this.#blocks, this.#length);
  }

  /** Forgets what has come, and gives its room back. */
  close(): void {
    this.#blocks = [];
    this.#budget.giveBack(this);
  }
}
