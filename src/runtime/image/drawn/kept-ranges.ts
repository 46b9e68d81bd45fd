/** The ranges of a file that are kept, joined where they touch. */
export class KeptRanges {
  readonly #bytes: Uint8Array;
  readonly #ranges: [from: number, to: number][] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  keep(from: number, to: number): void {
    const last = this.#ranges.at(-1);
    if (last?.[1] === from) last[1] = to;
    else this.#ranges.push([from, to]);
  }

  /** The kept bytes in a new array; the file itself if it is kept as a whole. */
  join(): Uint8Array {
    const [first] = this.#ranges;
    if (this.#ranges.length === 1 && first?.[0] === 0 && first[1] === this.#bytes.length) return this.#bytes;
    const joined = new Uint8Array(this.#ranges.reduce((sum, [from, to]) => sum + to - from, 0));
    let at = 0;
    for (const [from, to] of this.#ranges) {
      joined.set(this.#bytes.subarray(from, to), at);
      at += to - from;
    }
    return joined;
  }
}
