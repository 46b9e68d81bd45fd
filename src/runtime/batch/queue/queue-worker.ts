import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError, type ErrorCode } from '../../errors/error.js';
import { isBucketUrl } from '../../bucket/url.js';
import { hashOf } from '../plan/identity.js';
import { unitsOf } from '../plan/units.js';
import type { Run } from '../plan/run.js';
import { slotsFor, workUnit } from '../work/work.js';
import type { Slots } from '../work/slots.js';
import type { WorkEvents } from '../work/work-events.js';
import { problemOf, type Broker, type BullJob, type BullWorker, type Process } from '../../broker/broker.js';
import type { UnitJob } from './unit-queue.js';
import type { OpenRun, OpenRuns } from './open-runs.js';
import { SharedReader, type ClosableReader } from './shared-reader.js';

export interface QueueWorkerEvents extends WorkEvents {
  /** The broker fails; called again and again while it does. */
  brokerAway(problem: string): void;
  /** A run cannot be read on this machine; its unit is tried again later. */
  runUnreadable(place: string, problem: string): void;
  /** A run was deleted; its unit leaves the queue. */
  runGone(place: string): void;
  unitBegan(): void;
  /** It has a result, or is given back, or was lost. */
  unitEnded(): void;
}

export interface QueueWorkerParts {
  readonly runs: Pick<OpenRuns, 'open'>;
  /** Starts the processes for a run. Its errors end the worker: this machine cannot read the run. */
  readonly startReader: (run: Run) => Promise<ClosableReader>;
  readonly events: QueueWorkerEvents;
}

export interface QueueWorkerSignals {
  /** Aborted when no further unit is to be taken. */
  readonly drain: AbortSignal;
  /** Aborted when the units in work are to be given back. */
  readonly stop: AbortSignal;
}

/** What another machine, or a person, has to mend; the unit comes again after a while. */
const passing: readonly ErrorCode[] = ['batch_missing', 'file_not_found', 'file_unreadable'];

/** Milliseconds until a unit whose run cannot be read is tried again. */
const laterMs = 30_000;

/** Milliseconds between two tries to reach a broker, at most. */
const maxWaitMs = 10_000;

/** Milliseconds that giving the units back may take: the broker may be away, and then their locks run out. */
const closeMs = 5000;

/**
 * Takes units from a queue, of all runs that it names. This process holds the locks and computes nothing; the reader's processes
 * do, so that the locks are renewed in time.
 */
export class QueueWorker {
  readonly #broker: Broker;
  readonly #parts: QueueWorkerParts;
  readonly #reader = new SharedReader<ClosableReader>();
  readonly #slots = new WeakMap<ClosableReader, Slots>();

  constructor(broker: Broker, parts: QueueWorkerParts) {
    this.#broker = broker;
    this.#parts = parts;
  }

  /**
   * Works until `drain` or `stop` is aborted and the units in work are finished or given back.
   *
   * @throws the error of a module that this machine cannot load
   */
  async run({ drain, stop }: QueueWorkerSignals): Promise<void> {
    const failed = new AbortController();
    const stopped = AbortSignal.any([stop, failed.signal]);
    const ended = AbortSignal.any([drain, stopped]);
    let handedOut: (job: BullJob<UnitJob>) => void = () => undefined;
    const process = async (job: BullJob<UnitJob>, token: string, lost: AbortSignal): Promise<void> => {
      try {
        if (ended.aborted) await this.#giveBack(job, token);
        const parts = { token, lost, stop: stopped, handedOut: () => handedOut(job) };
        await this.#process(job, { ...parts, fail: (error) => failed.abort(error) });
      } finally {
        handedOut(job);
      }
    };
    const worker = await this.#connect(process, ended);
    if (worker === undefined) return;
    handedOut = takeOneAtATime(worker);
    worker.on('error', (error) => this.#onError(error));
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) worker.cancelJob(id, 'another worker has it');
    });
    const running = worker.run();
    running
      .then(() => ended.aborted || failed.abort(new Error('the queue ended its worker by itself')))
      .catch((error: unknown) => failed.abort(error));
    if (!ended.aborted) await new Promise((resolve) => ended.addEventListener('abort', resolve, { once: true }));
    await this.#close(worker, stopped);
    this.#reader.close();
    if (failed.signal.aborted) throw failed.signal.reason;
  }

  /** Waits for a broker that is away. Undefined if `ended` is aborted meanwhile. */
  async #connect(process: Process<UnitJob>, ended: AbortSignal): Promise<BullWorker<UnitJob> | undefined> {
    for (let wait = 500; !ended.aborted; wait = Math.min(wait * 2, maxWaitMs)) {
      try {
        return await this.#broker.worker(process);
      } catch (error) {
        this.#parts.events.brokerAway(problemOf(error));
        await sleep(wait, undefined, { signal: ended }).catch(() => undefined);
      }
    }
    return undefined;
  }

  async #process(job: BullJob<UnitJob>, { token, lost, stop, handedOut, fail }: JobParts): Promise<void> {
    const { run: place, unit } = job.data;
    const opened = await this.#open(place);
    if (opened === 'gone') return;
    if (opened === 'unreadable') return this.#later(job, token);
    const { run, results } = opened;
    // A job may outlast its result: the broker lost its last second, or another worker was faster.
    if (unit >= unitsOf(run) || (await results.has(unit))) return;
    const claim = { unit, losses: job.stalledCounter, lost, release: () => Promise.resolve() };
    const { events, startReader } = this.#parts;
    let problem: unknown;
    const start = (): Promise<ClosableReader> =>
      startReader(run).catch((error: unknown) => {
        problem = error;
        throw error;
      });
    const read = async (reader: ClosableReader): Promise<boolean> => {
      events.unitBegan();
      try {
        return await workUnit({ ...opened, reader, events }, claim, { slots: this.#slotsOf(reader), stop, handedOut });
      } finally {
        events.unitEnded();
      }
    };
    const isDone = await this.#reader.use(readerKeyOf(run), start, read).catch((error: unknown) => {
      if (problem === undefined) throw error;
      fail(problem);
      return false;
    });
    if (isDone) return;
    // The job is another worker's; this one leaves it alone.
    if (lost.aborted) throw new this.#broker.bull.WaitingError();
    return this.#giveBack(job, token);
  }

  async #open(place: string): Promise<OpenRun | 'unreadable' | 'gone'> {
    try {
      return await this.#parts.runs.open(place);
    } catch (error) {
      if (!OcrHubError.is(error) || !passing.includes(error.code)) throw error;
      // A bucket that answers without the run has it no longer. A folder without it may be a share that is not mounted here.
      const isGone = error.code === 'batch_missing' && isBucketUrl(place);
      if (isGone) this.#parts.events.runGone(place);
      else this.#parts.events.runUnreadable(place, error.message);
      return isGone ? 'gone' : 'unreadable';
    }
  }

  async #giveBack(job: BullJob<UnitJob>, token: string): Promise<never> {
    await job.moveToWait(token);
    throw new this.#broker.bull.WaitingError();
  }

  async #later(job: BullJob<UnitJob>, token: string): Promise<never> {
    await job.moveToDelayed(Date.now() + laterMs, token);
    throw new this.#broker.bull.DelayedError();
  }

  #slotsOf(reader: ClosableReader): Slots {
    const slots = this.#slots.get(reader) ?? slotsFor(reader);
    this.#slots.set(reader, slots);
    return slots;
  }

  #onError(error: Error): void {
    // Told by unitLost.
    if (/could not renew lock|missing lock/i.test(error.message)) return;
    this.#parts.events.brokerAway(problemOf(error));
  }

  /** Waits for the units in work; from the moment that they are to be given back, not for long. */
  async #close(worker: BullWorker<UnitJob>, stopped: AbortSignal): Promise<void> {
    const closing = worker.close();
    const late = new Promise<void>((resolve) => {
      const wait = (): void => void setTimeout(resolve, closeMs).unref();
      if (stopped.aborted) wait();
      else stopped.addEventListener('abort', wait, { once: true });
    });
    await Promise.race([closing.catch(() => undefined), late]);
  }
}

interface JobParts {
  readonly token: string;
  readonly lost: AbortSignal;
  readonly stop: AbortSignal;
  readonly handedOut: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Lets a worker take no unit while pages of one wait here: another worker could read the next one.
 *
 * @returns call it when no page of a unit waits
 */
function takeOneAtATime(worker: BullWorker<UnitJob>): (job: BullJob<UnitJob>) => void {
  const held = new Set<string | undefined>();
  const release = ({ id }: BullJob<UnitJob>): void => {
    if (held.delete(id) && held.size === 0) void worker.resume();
  };
  worker.on('active', ({ id, deferredFailure }: TakenJob) => {
    // A unit that was lost too often fails without being read, and maybe without a further event.
    if (deferredFailure !== undefined) return;
    held.add(id);
    void worker.pause(true);
  });
  return release;
}

/** BullMQ's type says that each job has the failure. */
type TakenJob = Pick<BullJob<UnitJob>, 'id'> & { readonly deferredFailure?: string };

/** Runs that are read in the same way share a reader. */
function readerKeyOf({ identity, startedIn }: Run): string {
  return `${startedIn ?? ''} ${hashOf({ ...identity, input: '' })}`;
}
