import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../plan/run.js';
import { nameOf } from '../results/results.js';
import { problemOf, type Broker, type BullQueue } from '../../broker/broker.js';

/** Jobs that are put in with one call. */
const jobsAtOnce = 1000;

/** What a job says. Everything else is in the store of the run. */
export interface UnitJob {
  /** The store of the run: a folder as an absolute path, or `s3://bucket/prefix`. */
  readonly run: string;
  readonly unit: number;
}

/** What a queue has to do, of all runs. */
export interface QueueDepth {
  /** Units that no worker has. */
  readonly waiting: number;
  /** Units that a worker has, or had when it was killed. */
  readonly active: number;
  /** Units that are tried again after a while. */
  readonly delayed: number;
  /** Units that were given up. */
  readonly failed: number;
}

/** A unit that was given up. */
export interface FailedUnit {
  readonly unit: number;
  readonly reason: string;
}

const firstWaitMs = 500;
const maxWaitMs = 10_000;

/**
 * Units of runs in a broker, as a planner sees them. A unit that is in the queue is not put in a second time. While the broker is
 * away all calls but `depth` wait: the client of Redis does so itself, and that of PostgreSQL fails at once.
 */
export class UnitQueue {
  readonly name: string;
  readonly #broker: Broker;
  #opening: Promise<BullQueue<UnitJob>> | undefined;
  #report: (problem: string) => void = () => undefined;
  #isClosed = false;

  constructor(broker: Broker) {
    this.name = broker.place.name;
    this.#broker = broker;
  }

  /** The listener is called again and again while the broker cannot be reached. */
  onProblem(listener: (problem: string) => void): void {
    this.#report = listener;
  }

  /** @param place the store of the run, as workers open it */
  async put(place: string, run: Run, units: readonly number[]): Promise<void> {
    for (let start = 0; start < units.length; start += jobsAtOnce) {
      const jobs = units.slice(start, start + jobsAtOnce);
      await this.#patiently((queue) =>
        queue.addBulk(
          jobs.map((unit) => ({ name: 'unit', data: { run: place, unit }, opts: { jobId: jobIdOf(run, unit) } })),
        ),
      );
    }
  }

  /** Those of the units that are not in the queue. */
  async absent(run: Run, units: readonly number[]): Promise<number[]> {
    const jobs = await this.#patiently((queue) => Promise.all(units.map((unit) => queue.getJob(jobIdOf(run, unit)))));
    return units.filter((_, i) => jobs[i] === undefined);
  }

  /** The units of a run that were given up, and why. */
  async failed(run: Run): Promise<FailedUnit[]> {
    const ofRun = jobIdOf(run, 0).replace(/u\d+$/, '');
    const jobs = await this.#patiently((queue) => queue.getFailed());
    return jobs
      .filter(({ id }) => id?.startsWith(ofRun) === true)
      .map(({ data, failedReason }) => ({ unit: data.unit, reason: failedReason }));
  }

  /** Takes units that were given up out of the queue, so that they can be put in again. */
  async forget(run: Run, units: readonly number[]): Promise<void> {
    for (const unit of units) await this.#patiently((queue) => queue.remove(jobIdOf(run, unit)));
  }

  /** Fails while the broker is away. */
  async depth(): Promise<QueueDepth> {
    const queue = await this.#open();
    const counts = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed');
    const of = (...names: string[]): number => names.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
    return {
      waiting: of('wait', 'waiting', 'prioritized'),
      active: of('active'),
      delayed: of('delayed'),
      failed: of('failed'),
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const queue = await this.#opening;
    await queue?.close();
  }

  /** A try that fails is made again by the next call. */
  async #open(): Promise<BullQueue<UnitJob>> {
    this.#opening ??= this.#broker.queue<UnitJob>().then((queue) => {
      queue.on('error', (error) => this.#report(problemOf(error)));
      return queue;
    });
    try {
      return await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #patiently<T>(call: (queue: BullQueue<UnitJob>) => Promise<T>): Promise<T> {
    for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, maxWaitMs)) {
      try {
        return await call(await this.#open());
      } catch (error) {
        if (this.#isClosed) throw error;
        this.#report(problemOf(error));
        await sleep(wait);
      }
    }
  }
}

/**
 * The name of a job. A second job of the same name is ignored while the first exists. The name of the plan, which is random, keeps
 * runs apart. BullMQ allows neither ":" nor digits alone.
 */
export function jobIdOf({ plan }: Pick<Run, 'plan'>, unit: number): string {
  const run = createHash('sha256').update(plan).digest('hex').slice(0, 12);
  return `${run}-u${nameOf(unit)}`;
}
