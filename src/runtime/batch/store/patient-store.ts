import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease, Leases } from './leases.js';
import type { Store } from './store.js';

export interface OutageEvents {
  /** The store fails; work waits until it answers again. Called once an outage. */
  outageBegan(store: string, problem: string): void;
  outageEnded(store: string): void;
}

const firstWaitMs = 500;
const maxWaitMs = 30_000;

/**
 * A store that outlasts outages: a full disk, a share or a bucket that is away. Each call waits and tries again until the store
 * answers or `signal` is aborted.
 */
export class PatientStore implements Store {
  readonly name: string;
  readonly leases: Leases;
  readonly #store: Store;
  readonly #events: OutageEvents;
  readonly #signal: AbortSignal;
  /** Calls that wait for the store. */
  #waiting = 0;

  constructor(store: Store, events: OutageEvents, signal: AbortSignal) {
    this.name = store.name;
    this.#store = store;
    this.#events = events;
    this.#signal = signal;
    this.leases = {
      take: async (name) => {
        const lease = await this.#outlast(() => store.leases.take(name));
        return lease && this.#patient(lease);
      },
      held: () => this.#outlast(() => store.leases.held()),
    };
  }

  read(key: string): Promise<Buffer | undefined> {
    return this.#outlast(() => this.#store.read(key));
  }

  write(key: string, content: string): Promise<void> {
    return this.#outlast(() => this.#store.write(key, content));
  }

  create(key: string, content: string): Promise<boolean> {
    return this.#outlast(() => this.#store.create(key, content));
  }

  remove(key: string): Promise<void> {
    return this.#outlast(() => this.#store.remove(key));
  }

  list(folder: string): Promise<string[]> {
    return this.#outlast(() => this.#store.list(folder));
  }

  #patient(lease: Lease): Lease {
    return {
      losses: lease.losses,
      // The next renewal comes soon; one that waited would keep the timer from it.
      renew: () => lease.renew().catch(() => true),
      release: () => this.#outlast(() => lease.release()),
    };
  }

  async #outlast<T>(call: () => Promise<T>): Promise<T> {
    for (let wait = 0; ; wait = Math.min(maxWaitMs, Math.max(firstWaitMs, wait * 2))) {
      try {
        if (wait > 0) await sleep(wait, undefined, { signal: this.#signal });
        const answer = await call();
        if (wait > 0 && --this.#waiting === 0) this.#events.outageEnded(this.name);
        return answer;
      } catch (error) {
        if (this.#signal.aborted) throw error;
        if (wait === 0 && this.#waiting++ === 0) this.#events.outageBegan(this.name, (error as Error).message);
      }
    }
  }
}
