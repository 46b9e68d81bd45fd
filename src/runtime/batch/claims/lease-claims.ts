import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, type Results } from '../results/results.js';
import { leaseMs as defaultLeaseMs, type Lease } from '../store/leases.js';
import type { Store } from '../store/store.js';
import type { Claim, Claims } from './claims.js';

interface LeaseOptions {
  readonly units: number;
  readonly leaseMs?: number;
  /** Where this worker begins, 0 to 1. Workers that begin at different places rarely meet. Default: random. */
  readonly start?: number;
}

/** Claims by leases in the store of the run: workers need nothing else in common. */
export class LeaseClaims implements Claims {
  readonly #store: Store;
  readonly #results: Results;
  readonly #units: number;
  readonly #leaseMs: number;
  readonly #start: number;
  /** Units that this worker will try in this pass, the next one last. */
  #pass: number[] = [];
  #own = new Set<number>();

  constructor(
    store: Store,
    results: Results,
    { units, leaseMs = defaultLeaseMs, start = Math.random() }: LeaseOptions,
  ) {
    this.#store = store;
    this.#results = results;
    this.#units = units;
    this.#leaseMs = leaseMs;
    this.#start = Math.floor(start * units);
  }

  async next(signal: AbortSignal): Promise<Claim | undefined> {
    for (let wait = 100; ; wait = Math.min(wait * 2, this.#leaseMs / 12)) {
      const claim = await this.#takeOfPass(signal);
      if (claim !== undefined) return claim;
      const left = await this.#left();
      if (left.length === 0) return undefined;
      const free = left.filter((unit) => !this.#own.has(unit));
      // The rest is in work here.
      if (free.length === 0) return undefined;
      this.#pass = free.reverse();
      const again = await this.#takeOfPass(signal);
      if (again !== undefined) return again;
      await sleep(wait, undefined, { signal });
    }
  }

  async #takeOfPass(signal: AbortSignal): Promise<Claim | undefined> {
    for (let unit = this.#pass.pop(); unit !== undefined; unit = this.#pass.pop()) {
      signal.throwIfAborted();
      if (this.#own.has(unit)) continue;
      const lease = await this.#store.leases.take(nameOf(unit));
      if (lease === undefined) continue;
      // Another worker may have finished it since the list was made.
      const isDone = await this.#results.has(unit).catch(async (error: unknown) => {
        await lease.release();
        throw error;
      });
      if (isDone) await lease.release();
      else return this.#claim(unit, lease);
    }
    return undefined;
  }

  /** From this worker's own beginning on, around to it. */
  async #left(): Promise<number[]> {
    const done = await this.#results.done();
    const all = Array.from({ length: this.#units }, (_, i) => (this.#start + i) % this.#units);
    return all.filter((unit) => !done.has(unit));
  }

  #claim(unit: number, lease: Lease): Claim {
    this.#own.add(unit);
    const lost = new AbortController();
    const timer = setInterval(() => {
      void lease.renew().then((isOurs) => {
        if (!isOurs) lost.abort(new Error(`another worker has taken over unit ${unit}`));
      });
    }, this.#leaseMs / 4);
    return {
      unit,
      losses: lease.losses,
      lost: lost.signal,
      release: async () => {
        clearInterval(timer);
        this.#own.delete(unit);
        await lease.release();
      },
    };
  }
}
