import type { Home } from '../config/home.js';
import { OcrHubError } from '../errors/error.js';
import type { ServedModule, ServeOptions } from '../options/serve-options.js';
import { Pool, type PoolEvents } from '../pool/pool.js';

/** The modules that a server serves, with their pool. */
interface Served {
  readonly options: ServeOptions;
  readonly pool: Pool;
}

/** The pool that serves now, one that is loading to replace it, and replaced ones that finish their requests. */
export class PoolSwap {
  readonly #home: Home;
  readonly #events: PoolEvents;
  #current: Served;
  #loading: Pool | undefined;
  readonly #replaced = new Set<Pool>();

  constructor(home: Home, options: ServeOptions, events: PoolEvents) {
    this.#home = home;
    this.#events = events;
    this.#current = { options, pool: new Pool(home, options, events) };
  }

  /** The options of the pool that serves now. */
  get options(): ServeOptions {
    return this.#current.options;
  }

  get pool(): Pool {
    return this.#current.pool;
  }

  serves(route: string): boolean {
    return this.options.modules.some((module) => module.route === route);
  }

  /**
   * Loads modules in new processes. When these have made their first inference they take over, and the old ones finish
   * their requests. No request is refused. If loading fails, nothing changes.
   *
   * @throws OcrHubError `reload_busy`, or the error of a module that cannot be loaded
   */
  async reload(modules: readonly ServedModule[]): Promise<void> {
    if (this.#loading !== undefined) throw new OcrHubError('reload_busy', { port: this.options.port });
    const options = Object.freeze({ ...this.options, modules });
    const pool = new Pool(this.#home, options, this.#events);
    this.#loading = pool;
    try {
      await pool.start();
      this.#requireNoLoss(pool, modules);
      this.#replace({ options, pool });
    } catch (error) {
      pool.close();
      throw error;
    } finally {
      this.#loading = undefined;
    }
  }

  /** Makes the pool not ready, and cancels a reload. Requests are still answered until `drain`. */
  announceEnd(): void {
    this.#loading?.close();
    this.pool.announceEnd();
  }

  /** Ends all processes when all requests are answered, or after `maxMs`. */
  async drain(maxMs: number): Promise<void> {
    for (const replaced of this.#replaced) replaced.close();
    await this.pool.drain(maxMs);
  }

  /** Kills all processes. */
  close(): void {
    this.#loading?.close();
    for (const pool of [...this.#replaced, this.pool]) pool.close();
  }

  #replace(next: Served): void {
    const { pool: old, options } = this.#current;
    this.#current = next;
    this.#replaced.add(old);
    // A request may use all of its timeout, even if the grace is shorter.
    const maxMs = Math.max(options.grace, options.timeout) * 1000;
    void old.drain(maxMs).then(() => this.#replaced.delete(old));
  }

  /** With --allow_partial a module may fail to load, but not one that is served now. */
  #requireNoLoss(next: Pool, modules: readonly ServedModule[]): void {
    for (const { route } of modules) {
      const problem = next.problemOf(route);
      if (problem !== undefined && this.serves(route) && this.pool.problemOf(route) === undefined) {
        throw new OcrHubError('module_start_failed', { module: route, problem, hint: '' });
      }
    }
  }
}
