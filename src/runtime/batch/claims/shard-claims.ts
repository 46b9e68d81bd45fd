import type { Results } from '../results/results.js';
import type { Claim, Claims } from './claims.js';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

export interface ShardOutcome {
  /** Whether each unit has a result. */
  readonly isRead: boolean;
  readonly hasErrors: boolean;
}

/** Claims without leases: of `count` workers each reads every `count`th unit. No worker may be started twice. */
export class ShardClaims implements Claims {
  readonly #results: Results;
  readonly #units: number;
  readonly #shard: Shard;
  #left: Promise<number[]> | undefined;

  constructor(results: Results, units: number, shard: Shard) {
    this.#results = results;
    this.#units = units;
    this.#shard = shard;
  }

  async next(signal: AbortSignal): Promise<Claim | undefined> {
    signal.throwIfAborted();
    this.#left ??= this.#unread();
    const unit = (await this.#left).shift();
    return unit === undefined
      ? undefined
      : { unit, losses: 0, lost: new AbortController().signal, release: () => Promise.resolve() };
  }

  /** What became of the units of this shard. */
  async outcome(): Promise<ShardOutcome> {
    const [unread, failed] = [await this.#unread(), await this.#results.failed()];
    return { isRead: unread.length === 0, hasErrors: failed.some((unit) => this.#isOwn(unit)) };
  }

  async #unread(): Promise<number[]> {
    const done = await this.#results.done();
    const all = Array.from({ length: this.#units }, (_, unit) => unit);
    return all.filter((unit) => this.#isOwn(unit) && !done.has(unit));
  }

  #isOwn(unit: number): boolean {
    const { index, count } = this.#shard;
    return unit % count === index - 1;
  }
}
