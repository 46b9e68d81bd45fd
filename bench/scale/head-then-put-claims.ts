import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim, Claims } from '../../src/runtime/batch/claims/claims.js';
import { nameOf, type Results } from '../../src/runtime/batch/results/results.js';
import type { Store } from '../../src/runtime/batch/store/store.js';

/**
 * The pattern that leases are compared with, as olmOCR 0.4 has it: a lock is looked for; if there is none, or an old one, it is
 * written without a condition, never renewed, and removed at the end. Units come in random order. Only that a locked unit is
 * dropped for good is left out: the run would not finish.
 */
export class HeadThenPutClaims implements Claims {
  readonly #store: Store;
  readonly #results: Results;
  readonly #units: number;
  readonly #lockMs: number;
  readonly #own = new Set<number>();

  constructor(store: Store, results: Results, units: number, lockMs: number) {
    this.#store = store;
    this.#results = results;
    this.#units = units;
    this.#lockMs = lockMs;
  }

  async next(signal: AbortSignal): Promise<Claim | undefined> {
    for (;;) {
      const done = await this.#results.done();
      const left = Array.from({ length: this.#units }, (_, unit) => unit).filter((unit) => !done.has(unit));
      if (left.length === 0) return undefined;
      left.sort(() => Math.random() - 0.5);
      for (const unit of left) {
        signal.throwIfAborted();
        if (this.#own.has(unit)) continue;
        const key = `locks/${nameOf(unit)}`;
        const lock = await this.#store.read(key);
        const [since, losses] = lock === undefined ? [0, 0] : lock.toString().split(' ').map(Number);
        if (Date.now() - (since ?? 0) < this.#lockMs) continue;
        await this.#store.write(key, `${Date.now()} ${lock === undefined ? 0 : (losses ?? 0) + 1}`);
        if (await this.#results.has(unit)) continue;
        this.#own.add(unit);
        return {
          unit,
          // The unit is split as with leases, or the page that kills its workers would end none of them.
          losses: lock === undefined ? 0 : (losses ?? 0) + 1,
          lost: new AbortController().signal,
          release: async () => {
            this.#own.delete(unit);
            await this.#store.remove(key);
          },
        };
      }
      await sleep(500, undefined, { signal });
    }
  }
}
