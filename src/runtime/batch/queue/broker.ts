import type * as library from 'bullmq';
import { OcrHubError } from '../../errors/error.js';
import type { QueuePlace } from './queue-place.js';

/** What a job says. Everything else is in the store of the run. */
interface UnitJob {
  /** The store of the run: a folder as an absolute path, or `s3://bucket/prefix`. */
  readonly run: string;
  readonly unit: number;
}

/** Workers that may be lost with a unit before its job fails. A machine that can be taken away at any time must not use it up. */
const maxStalls = 10;

/** Units of a worker at once. `QueueWorker` takes far fewer: one whose pages wait, and those whose pages are read. */
const maxUnits = 1000;

type Backend = library.IQueueBackend;
export type BullQueue = library.Queue<UnitJob, void, string, UnitJob, void, string, Backend, object>;
export type BullWorker = library.Worker<UnitJob, void, string, Backend, library.JobProgress, object>;
export type BullJob = library.Job<UnitJob, void>;
export type Bull = typeof library;

interface BrokerOptions {
  /**
   * Milliseconds without a renewal after which a unit may be taken over; looked for twice as often. It must outlast any pause of a
   * process that only waits.
   */
  readonly lockMs?: number;
}

/** Opens queues and workers of BullMQ, which runs on Redis and on PostgreSQL. */
export class Broker {
  readonly bull: Bull;
  readonly place: QueuePlace;
  readonly #lockMs: number;

  private constructor(bull: Bull, place: QueuePlace, lockMs: number) {
    this.bull = bull;
    this.place = place;
    this.#lockMs = lockMs;
  }

  /** @throws OcrHubError `package_missing` */
  static async load(place: QueuePlace, { lockMs = 30_000 }: BrokerOptions = {}): Promise<Broker> {
    const driver = drivers[place.broker];
    // BullMQ loads its driver itself; here the absence of either gets a message.
    const [bull, client] = await Promise.all([found(() => import('bullmq')), found(driver.load)]);
    const missing = [...(bull === undefined ? ['bullmq@6.7'] : []), ...(client === undefined ? [driver.name] : [])];
    if (bull === undefined || missing.length > 0)
      throw new OcrHubError('package_missing', { name: missing.join(' '), purpose: 'for --queue' });
    return new Broker(bull, place, lockMs);
  }

  /** Fails while the broker is away; that of Redis waits for it. */
  async queue(): Promise<BullQueue> {
    const options = {
      connection: await this.#reached(),
      defaultJobOptions: {
        attempts: 5,
        backoff: { type: 'exponential', delay: 1000 },
        removeOnComplete: true,
        removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
      },
    };
    return new this.bull.Queue(this.place.queue, options, this.#backend());
  }

  /** Fails while the broker is away; that of Redis waits for it. */
  async worker(process: (job: BullJob, token: string, signal: AbortSignal) => Promise<void>): Promise<BullWorker> {
    // BullMQ passes the signal to functions with three parameters.
    const processor = (job: BullJob, token: string | undefined, signal: AbortSignal | undefined): Promise<void> =>
      process(job, token ?? '', signal ?? new AbortController().signal);
    const options = {
      connection: await this.#reached(),
      autorun: false,
      concurrency: maxUnits,
      lockDuration: this.#lockMs,
      stalledInterval: this.#lockMs / 2,
      maxStalledCount: maxStalls,
    };
    return new this.bull.Worker<UnitJob, void, string, Backend, library.JobProgress, object>(
      this.place.queue,
      processor,
      options,
      this.#backend(),
    );
  }

  #backend(): library.BackendFactory<Backend, object> {
    const { createRedisBackend, createPostgresBackend } = this.bull;
    const factory = this.place.broker === 'redis' ? createRedisBackend : createPostgresBackend;
    return factory as library.BackendFactory<Backend, object>;
  }

  /** The options of a connection that has just been made: BullMQ's own to PostgreSQL is lost for good if its first try fails. */
  async #reached(): Promise<object> {
    if (this.place.broker === 'redis') return this.#redis();
    const { Client, ...options } = await this.#postgres();
    const client = new Client(options);
    try {
      await client.connect();
    } finally {
      await client.end();
    }
    return { ...options, Client };
  }

  #redis(): object {
    const { host, port, user, password, database, isEncrypted } = this.place;
    return {
      host,
      port,
      ...(user === undefined ? {} : { username: user }),
      ...(password === undefined ? {} : { password }),
      ...(database === undefined ? {} : { db: Number(database) }),
      ...(isEncrypted ? { tls: { servername: host } } : {}),
      maxRetriesPerRequest: null,
    };
  }

  async #postgres() {
    const { host, port, user, password, database, isEncrypted } = this.place;
    const { Client } = (await import('pg')).default;
    return {
      host,
      port,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ...(database === undefined ? {} : { database }),
      ...(isEncrypted ? { ssl: { servername: host } } : {}),
      migrate: true,
      // A server that ends while nothing is asked of a client that is in use would end this process too.
      Client: class extends Client {
        constructor(options: ConstructorParameters<typeof Client>[0]) {
          super(options);
          this.on('error', () => undefined);
        }
      },
    };
  }
}

const drivers = {
  redis: { name: 'ioredis@6', load: (): Promise<unknown> => import('ioredis') },
  postgres: { name: 'pg@8', load: (): Promise<unknown> => import('pg') },
} as const;

/** Undefined if the package is not installed. */
async function found<T>(load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
