import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError, stackWithCauses } from '../errors/error.js';
import type { PredictAnswer, RequestRecord, ServiceRequest } from '../service/contract.js';
import { inputParts, readWork, type JobAnswer, type JobHead, type Outcome } from './job.js';
import type { JobHints } from './job-hints.js';
import { claimMs, outcomePart, type Claim, type Store } from './store.js';

/** How often the store is searched for jobs whose server was killed. */
const searchMs = 5000;

const sweepMs = 60_000;

/** How long a job waits before it asks again whether the queue has room. */
const retryMs = 500;

/** How often a claim is given back to a store that is away. */
const giveBackMs = 5000;

/** A job whose store was away is tried again after the first, and after twice as long each time up to the last. */
const putOffMs = [1000, 300_000] as const;

/** A job whose server was killed so often may be the reason, as a task may be for its process (pool/job.ts). */
export const maxClaims = 5;

interface RunnerParts {
  /** Whether this server works on a job that it finds in the store. */
  isMine(head: JobHead): boolean;
  /** Jobs in work at a time. */
  readonly processes: number;
  /** Tells other servers of the store of jobs that wait here, and this one of theirs. */
  readonly hints?: JobHints | undefined;
  predict(work: ServiceRequest, signal: AbortSignal): Promise<PredictAnswer>;
  headOf(id: string): Promise<JobHead | undefined>;
  /** Called now and then with the names of all jobs of the store. */
  forgetGone(present: ReadonlySet<string>): void;
  /** Called once for each job that ended, and for each try that the store ended. */
  observe(head: JobHead, record: Partial<RequestRecord>): void;
}

/** Works on the jobs of a store, a few at a time, oldest first. */
export class JobRunner {
  readonly #store: Store;
  readonly #parts: RunnerParts;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, { readonly controller: AbortController; readonly ended: Promise<void> }>();
  /** Jobs that could not be done because of the store; times are those of `performance.now`. */
  readonly #putOff = new Map<string, { readonly until: number; readonly ms: number }>();
  #timers: readonly NodeJS.Timeout[] = [];
  #isStopped = false;

  constructor(store: Store, parts: RunnerParts) {
    this.#store = store;
    this.#parts = parts;
  }

  start(): void {
    const search = oneAtATime(() => this.#search());
    const sweep = oneAtATime(() => this.#store.sweep());
    this.#timers = [setInterval(search, searchMs).unref(), setInterval(sweep, sweepMs).unref()];
    search();
    sweep();
    if (this.#parts.hints !== undefined) void this.#listen(this.#parts.hints);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    void this.#parts.hints?.close();
  }

  /** Resolves when no job is in work; call it after `stop`. */
  async idle(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  add(id: string): void {
    this.#waiting.add(id);
    this.#fill();
    // Whichever server has room first gets it.
    if (this.#waiting.has(id)) this.#parts.hints?.add(id);
  }

  cancel(id: string): void {
    this.#waiting.delete(id);
    this.#putOff.delete(id);
    this.#running.get(id)?.controller.abort();
  }

  /** Takes a job that waits at another server whenever there is room here. */
  async #listen(hints: JobHints): Promise<void> {
    while (!this.#isStopped) {
      if (this.#running.size >= this.#parts.processes) {
        await Promise.race([...this.#running.values()].map(({ ended }) => ended));
        continue;
      }
      const id = await hints.next();
      if (id === undefined || this.#running.has(id)) continue;
      // A store that is away, or a module that this server does not serve: the searches of the others find the job.
      const head = await this.#parts.headOf(id).catch(() => undefined);
      if (head !== undefined && this.#parts.isMine(head)) this.add(id);
    }
  }

  /** Finds jobs of this server on which no server works: theirs was killed, or stopped before they were begun. */
  async #search(): Promise<void> {
    const states = await this.#store.states('job');
    const present = new Set(states.keys());
    for (const id of this.#putOff.keys()) if (!present.has(id)) this.#putOff.delete(id);
    this.#parts.forgetGone(present);
    const found: { readonly id: string; readonly createdAt: Date }[] = [];
    for (const [id, state] of states) {
      if (this.#running.has(id) || performance.now() < (this.#putOff.get(id)?.until ?? 0)) continue;
      if (state.isClaimed || state.finishedAt !== undefined) continue;
      const head = await this.#parts.headOf(id);
      if (head !== undefined && this.#parts.isMine(head)) found.push({ id, createdAt: state.createdAt });
    }
    for (const { id } of found.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())) this.#waiting.add(id);
    this.#fill();
  }

  #fill(): void {
    for (const id of this.#waiting) {
      if (this.#isStopped || this.#running.size >= this.#parts.processes) return;
      this.#waiting.delete(id);
      const controller = new AbortController();
      const ended = this.#run(id, controller)
        .then(
          () => void this.#putOff.delete(id),
          () => this.#tryLater(id),
        )
        .finally(() => {
          this.#running.delete(id);
          this.#fill();
        });
      this.#running.set(id, { controller, ended });
    }
  }

  #tryLater(id: string): void {
    const [first, last] = putOffMs;
    const ms = Math.min((this.#putOff.get(id)?.ms ?? first / 2) * 2, last);
    this.#putOff.set(id, { until: performance.now() + ms, ms });
  }

  /** @throws if the job is as it was before: the store was away, the server is stopped, or the job was removed */
  async #run(id: string, controller: AbortController): Promise<void> {
    const [head, state] = [await this.#parts.headOf(id), await this.#store.state(id)];
    if (head === undefined || state === undefined) return;
    // It waited here for room, and another server of the store has done it, or does it.
    if (state.finishedAt !== undefined || state.isClaimed) return;
    const { claims } = state;
    if (claims >= maxClaims) {
      await this.#fail(id, new OcrHubError('job_interrupted', { times: claims }));
      return;
    }
    const claim = await this.#store.claim(id);
    if (claim === undefined) return;
    const renew = oneAtATime(async () => {
      if (!(await claim.renew())) controller.abort();
    });
    const renewal = setInterval(renew, claimMs / 5);
    try {
      await this.#work(id, { head, signal: controller.signal });
    } catch (error) {
      await this.#giveBack(claim);
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  async #work(id: string, { head, signal }: InWork): Promise<void> {
    const start = performance.now();
    let images = 0;
    try {
      const work = await readWork((part) => this.#store.read(id, part));
      images = work.files.length;
      const answer = await this.#predict(work, signal);
      const { queueMs, stages, files, output } = answer;
      const kept: JobAnswer = { queueMs, stages, files, outputType: output?.contentType };
      if (output !== undefined) await this.#store.write(id, 'output', output.bytes);
      await this.#store.write(id, 'answer.json', Buffer.from(JSON.stringify(kept)));
      // Also in place of a failure: another server of the store may have worked on it, too.
      await this.#store.write(id, outcomePart, bytesOf({ state: 'done' }));
      await this.#store.drop(id, inputParts(work));
      this.#parts.observe(head, { images, ms: performance.now() - start, queueMs, stages });
    } catch (thrown) {
      const error = OcrHubError.of(thrown);
      // The server is stopped, or the job was removed. The next server on this port takes up what is still there.
      if (error.code === 'client_gone' || error.code === 'not_ready') throw error;
      // Not an error of the job: it is done when the store is there again.
      const isOfStore = error.code === 'jobs_unreadable' || error.code === 'jobs_unwritable';
      if (isOfStore || (await this.#fail(id, error))) {
        const { kind: outcome, httpStatus, message } = error;
        const stack = stackWithCauses(error);
        this.#parts.observe(head, { images, outcome, httpStatus, message, ms: performance.now() - start, stack });
      }
      if (isOfStore) throw error;
    }
  }

  /** Waits until the queue has room: a job must not take the place of a request. */
  async #predict(work: ServiceRequest, signal: AbortSignal): Promise<PredictAnswer> {
    for (;;) {
      try {
        return await this.#parts.predict({ ...work, isStored: true }, signal);
      } catch (error) {
        const isBusy = OcrHubError.is(error) && (error.code === 'queue_full' || error.code === 'not_ready');
        if (!isBusy || this.#isStopped || signal.aborted) throw error;
        await sleep(retryMs);
      }
    }
  }

  /** False if another server has finished the job: a failure takes no result's place. */
  #fail(id: string, error: OcrHubError): Promise<boolean> {
    return this.#store.writeNew(id, outcomePart, bytesOf({ state: 'failed', error: error.toJSON() }));
  }

  /** A claim that stayed would count as a server that was killed: it is given back when the store is there again. */
  async #giveBack(claim: Claim): Promise<void> {
    const isBack = await claim.giveBack().then(
      () => true,
      () => false,
    );
    if (isBack || this.#isStopped) return;
    void sleep(giveBackMs, undefined, { ref: false }).then(() => this.#giveBack(claim));
  }
}

interface InWork {
  readonly head: JobHead;
  readonly signal: AbortSignal;
}

/** Leaves out a call while the last one is at work. One that fails is for the next to do again: requests are told of the store. */
function oneAtATime(act: () => Promise<void>): () => void {
  let isAtWork = false;
  return () => {
    if (isAtWork) return;
    isAtWork = true;
    void act()
      .catch(() => undefined)
      .finally(() => (isAtWork = false));
  };
}

function bytesOf(outcome: Outcome): Buffer {
  return Buffer.from(JSON.stringify(outcome));
}
