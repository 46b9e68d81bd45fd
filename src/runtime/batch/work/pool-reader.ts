import { checkMemory, warnOfLittleMemory } from '../../process/memory-need.js';
import type { Home } from '../../config/home.js';
import type { ServedModule } from '../../options/serve-options.js';
import { Pool, type PoolEvents } from '../../pool/pool.js';
import type { AnsweredPage } from '../../service/contract.js';
import type { ReadingOptions } from '../../service/reading.js';
import type { PageFile, Reader } from './reader.js';

export interface PoolReaderOptions {
  readonly module: ServedModule;
  /** Relative paths in parameters count from here. */
  readonly startedIn: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Without `pages`: the plan says which pages are read. */
  readonly reading: ReadingOptions;
  readonly processes: number;
  readonly maxPixels: number;
  /** Seconds for a page. */
  readonly timeout: number;
  /** Bytes of a process, above which it is replaced. */
  readonly maxMemory: number;
  /** Called with what the processes print, and why one of them ended. */
  readonly note: (text: string) => void;
}

/** Reads with inference processes of its own. This process only waits, so that it renews its leases in time. */
export class PoolReader implements Reader {
  readonly parallel: number;
  readonly #pool: Pool;
  readonly #options: PoolReaderOptions;

  private constructor(pool: Pool, options: PoolReaderOptions) {
    this.#pool = pool;
    this.#options = options;
    this.parallel = options.processes;
  }

  /**
   * Starts the processes; resolves when each has made its first inference.
   *
   * @throws the error of a module that cannot be loaded
   */
  static async start(home: Home, options: PoolReaderOptions): Promise<PoolReader> {
    const little = warnOfLittleMemory();
    if (little !== undefined) options.note(`Warning: ${little}`);
    const pool = new Pool(home, poolOptions(options), eventsOf(options.note));
    await pool.start();
    try {
      const warning = checkMemory({ processes: pool.info().map(({ pid }) => pid), others: [process.pid] });
      if (warning !== undefined) options.note(`Warning: ${warning}`);
    } catch (error) {
      pool.close();
      throw error;
    }
    return new PoolReader(pool, options);
  }

  async read(
    { name, bytes }: PageFile,
    pages: readonly number[],
    signal: AbortSignal,
  ): Promise<readonly AnsweredPage[]> {
    const { module, fields, reading } = this.#options;
    const request = {
      route: module.route,
      files: [{ name, bytes }],
      fields,
      reading: { ...reading, pages: pages.join(',') },
    };
    const { results, files } = await this.#pool.predict(request, signal);
    const answered = files[0]?.pages ?? [];
    if (results.kind === 'entries' || pages.length === 1) {
      return results.kind === 'entries' ? answered : answered.map((page) => ({ ...page, entry: results.json }));
    }
    // Such a module answers all pages at once, and each page has a line of its own.
    const single = pages.map((page) => this.read({ name, bytes }, [page], signal));
    return (await Promise.all(single)).flat();
  }

  /** Ends the processes; pages in work are given up. */
  close(): void {
    this.#pool.close();
  }
}

function poolOptions({
  module,
  startedIn,
  processes,
  maxPixels,
  timeout,
  maxMemory,
}: PoolReaderOptions): ConstructorParameters<typeof Pool>[1] {
  return {
    modules: [module],
    startedIn,
    processes,
    threads: 1,
    maxPixels,
    timeout,
    maxMemory,
    maxPages: Number.MAX_SAFE_INTEGER,
    maxQueue: Number.MAX_SAFE_INTEGER,
    maxBody: Number.MAX_SAFE_INTEGER,
    maxTasks: 0,
    allowPartial: false,
  };
}

function eventsOf(note: (text: string) => void): PoolEvents {
  return {
    processStarted: () => undefined,
    processLoaded: () => undefined,
    processEnded: (pid, end, expected) => {
      if (!expected) note(`Inference process ${pid} ended: ${end}`);
    },
    processRetired: () => undefined,
    processPrinted: (_pid, line) => note(line),
    stateChanged: (state, reason) => {
      if (state === 'failed') note(`The inference processes have failed and are started again: ${reason ?? ''}`);
    },
  };
}
