/** Numbers that a seed decides, so that a case can be made again from its seed. */
export class Random {
  #state: number;

  /** @param seed a number of 32 bits */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** The generator of one case among many. */
  static of(seed: number, index: number): Random {
    return new Random(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35));
  }

  /** A number from 0 to 1, without 1: mulberry32 by Tommy Ettinger. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to `limit`, without `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** @throws Error if the list is empty */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('there is nothing to pick');
    return list[this.below(list.length)] as T;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** An integer in which programs make mistakes: near a power of two, tiny, or anything of 32 bits. */
  edge(): number {
    const near = 2 ** this.below(33) + this.below(3) - 1;
    return this.pick([0, 1, 2, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, near, near, this.below(2 ** 32)]);
  }
}
