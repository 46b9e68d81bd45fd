import type * as library from 'bullmq';
import { OcrHubError } from '../errors/error.js';
import type { QueuePlace } from './queue-place.js';

/** Workers that may be lost with a job before it fails. A machine that can be taken away at any time must not use it up. */
const maxStalls = 10;

/** Jobs of a worker at once. Who processes them pauses the worker long before. */
const maxJobs = 1000;

type Backend = library.IQueueBackend;
export type BullQueue<Data> = library.Queue<Data, void, string, Data, void, string, Backend, object>;
export type BullWorker<Data> = library.Worker<Data, void, string, Backend, library.JobProgress, object>;
export type BullJob<Data> = library.Job<Data, void>;
type Bull = typeof library;

/** Ends a job. `token` is that of its lock; the signal is aborted when another worker has the job. */
export type Process<Data> = (job: BullJob<Data>, token: string, signal: AbortSignal) => Promise<void>;

interface BrokerOptions {
  /**
   * Milliseconds without a renewal after which a job may be taken over; looked for twice as often. It must outlast any pause of a
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
  async queue<Data>(name = this.place.queue): Promise<BullQueue<Data>> {
    const options = {
      connection: await this.#reached(),
      defaultJobOptions: {
        attempts: 5,
        backoff: { type: 'exponential', delay: 1000 },
        removeOnComplete: true,
        removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
      },
    };
    return new this.bull.Queue(name, options, this.#backend());
  }

  /**
   * Fails while the broker is away; that of Redis waits for it.
   *
   * @param process without it the caller takes jobs with `getNextJob`
   */
  async worker<Data>(process?: Process<Data>, name = this.place.queue): Promise<BullWorker<Data>> {
    // BullMQ passes the signal to functions with three parameters.
    const processor = (job: BullJob<Data>, token: string | undefined, signal: AbortSignal | undefined): Promise<void> =>
      process?.(job, token ?? '', signal ?? new AbortController().signal) ?? Promise.resolve();
    const options = {
      connection: await this.#reached(),
      autorun: false,
      concurrency: maxJobs,
      lockDuration: this.#lockMs,
      stalledInterval: this.#lockMs / 2,
      maxStalledCount: maxStalls,
    };
    return new this.bull.Worker<Data, void, string, Backend, library.JobProgress, object>(
      name,
      process && processor,
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

/** What a client of a broker reports. Errors of sockets that tried several addresses have no message of their own. */
export function problemOf(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: readonly unknown[] };
  if (message !== undefined && message !== '') return message;
  const [first] = errors ?? [];
  return first === undefined ? (code ?? String(error)) : problemOf(first);
}
