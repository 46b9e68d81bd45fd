import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Broker, problemOf, type BullJob, type BullQueue, type BullWorker } from '../broker/broker.js';
import type { QueuePlace } from '../broker/queue-place.js';
import type { JobHints } from './job-hints.js';

interface Hint {
  readonly id: string;
}

/** Hints that wait for a broker that is away; further ones are dropped. */
const maxAdding = 1000;

/** Milliseconds until a broker that failed is asked again. */
const retryMs = 2000;

/** Milliseconds for a goodbye: a broker that is away does not answer it. */
const closeMs = 1000;

/** Hints through a queue of BullMQ. A job of BullMQ is a hint, and ends when a server takes it. */
export class QueueHints implements JobHints {
  readonly #broker: Broker;
  readonly #name: string;
  /** Called when the broker fails, and with undefined when it answers again. */
  readonly #tell: (problem: string | undefined) => void;
  #queue: Promise<BullQueue<Hint>> | undefined;
  #worker: Promise<BullWorker<Hint>> | undefined;
  #adding = 0;
  #last: Promise<void> = Promise.resolve();
  #isAway = false;
  #isClosed = false;

  private constructor(broker: Broker, tell: (problem: string | undefined) => void) {
    this.#broker = broker;
    this.#tell = tell;
    // Units of runs have the name itself.
    this.#name = `${broker.place.queue}-jobs`;
  }

  /**
   * The broker is reached later, and may be away now.
   *
   * @throws OcrHubError `package_missing`
   */
  static async open(place: QueuePlace, tell: (problem: string | undefined) => void): Promise<QueueHints> {
    return new QueueHints(await Broker.load(place), tell);
  }

  add(id: string): void {
    if (this.#adding >= maxAdding || this.#isClosed) return;
    this.#adding++;
    // One after the other: the oldest job is the first that another server gets.
    this.#last = this.#last
      .then(() => this.#put(id))
      .then(
        () => this.#answered(),
        (error: unknown) => this.#failed(error),
      )
      .finally(() => this.#adding--);
  }

  async next(): Promise<string | undefined> {
    try {
      const worker = await this.#openWorker();
      // The worker's own tries to connect are told as errors, and its success is not.
      if (this.#isAway) await (await this.#openQueue()).getJobCounts('wait');
      this.#answered();
      const token = randomUUID();
      // Its type leaves out that there may be none.
      const job = (await worker.getNextJob(token)) as BullJob<Hint> | undefined;
      if (job === undefined) return undefined;
      await job.moveToCompleted(undefined, token, false);
      return job.data.id;
    } catch (error) {
      this.#failed(error);
      if (!this.#isClosed) await sleep(retryMs, undefined, { ref: false });
      return undefined;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const ends = [this.#queue, this.#worker].map(async (opening) => (await opening)?.close());
    await Promise.race([Promise.allSettled(ends), sleep(closeMs)]);
  }

  /** A second hint of the same job is ignored while the first is there. */
  async #put(id: string): Promise<void> {
    await (await this.#openQueue()).add('job', { id }, { jobId: id });
  }

  async #openQueue(): Promise<BullQueue<Hint>> {
    this.#queue ??= this.#broker.queue<Hint>(this.#name).then((queue) => {
      queue.on('error', (error) => this.#failed(error));
      return queue;
    });
    return this.#queue.catch((error: unknown) => {
      this.#queue = undefined;
      throw error;
    });
  }

  async #openWorker(): Promise<BullWorker<Hint>> {
    this.#worker ??= this.#broker.worker<Hint>(undefined, this.#name).then(async (worker) => {
      worker.on('error', (error) => this.#failed(error));
      // A server that was killed may have taken a hint that it did not end.
      await worker.startStalledCheckTimer();
      return worker;
    });
    return this.#worker.catch((error: unknown) => {
      this.#worker = undefined;
      throw error;
    });
  }

  #failed(error: unknown): void {
    if (this.#isAway || this.#isClosed) return;
    this.#isAway = true;
    this.#tell(problemOf(error));
  }

  #answered(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#tell(undefined);
  }
}
