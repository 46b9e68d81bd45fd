import type { BudgetHolder, ByteBudget } from './byte-budget.js';

/** Bytes of a block. The budget is taken by the block. */
export const blockSize = 64 * 1024;

/**
 * The received part of a body. Chunks are copied into blocks: a client may send each byte as a chunk of its own, and a
 * buffer of one byte takes 450 bytes of memory, which the budget would not count.
 */
export class ArrivingBody implements BudgetHolder {
  readonly giveWay: () => void;
  readonly #budget: ByteBudget;
  #blocks: Buffer[] = [];
  /** The free part of the last block. */
  #room = Buffer.alloc(0);
  #length = 0;

  constructor(budget: ByteBudget, giveWay: () => void) {
    this.#budget = budget;
    this.giveWay = giveWay;
  }

  get length(): number {
    return this.#length;
  }

  /** Returns false when the budget has no room for the chunk. */
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

  /** Frees the received bytes and their part of the budget. */
  close(): void {
    this.#blocks = [];
    this.#budget.giveBack(this);
  }
}
