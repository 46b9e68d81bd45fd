import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError, stackWithCauses } from '../errors/error.js';
import type { PredictAnswer, RequestRecord, ServiceRequest } from '../service/contract.js';
import { inputParts, readWork, type JobAnswer, type JobHead, type Outcome } from './job.js';
import { claimMs, outcomePart, type Claim, type Store } from './store.js';

/** How often the store is searched for jobs whose server was killed. */
const searchMs = 5000;

const sweepMs = 60_000;

/** How long a job waits before it asks again whether the queue has room. */
const retryMs = 500;

/** A job whose server was killed so often may be the reason. */
export const maxClaims = 3;

interface RunnerParts {
  /** Whether this server works on a job that it finds in the store. */
  isMine(head: JobHead): boolean;
  /** Jobs in work at a time. */
  readonly processes: number;
  predict(work: ServiceRequest, signal: AbortSignal): Promise<PredictAnswer>;
  headOf(id: string): Promise<JobHead | undefined>;
  /** Called now and then with the names of all jobs of the store. */
  forgetGone(present: ReadonlySet<string>): void;
  /** Called once for each job that ended. */
  observe(head: JobHead, record: Partial<RequestRecord>): void;
}

/** Works on the jobs of a store, a few at a time, oldest first. */
export class JobRunner {
  readonly #store: Store;
  readonly #parts: RunnerParts;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, { readonly controller: AbortController; readonly ended: Promise<void> }>();
  /** Failures that could not be written to the store. */
  readonly #failures = new Map<string, OcrHubError>();
  #timers: readonly NodeJS.Timeout[] = [];
  #isStopped = false;

  constructor(store: Store, parts: RunnerParts) {
    this.#store = store;
    this.#parts = parts;
  }

  start(): void {
    // A store that cannot be read is searched again; requests are told of it.
    const search = (): void => void this.#search().catch(() => undefined);
    const sweep = (): void => void this.#store.sweep().catch(() => undefined);
    this.#timers = [setInterval(search, searchMs).unref(), setInterval(sweep, sweepMs).unref()];
    search();
    sweep();
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Resolves when no job is in work; call it after `stop`. */
  async idle(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  add(id: string): void {
    this.#waiting.add(id);
    this.#fill();
  }

  cancel(id: string): void {
    this.#waiting.delete(id);
    this.#failures.delete(id);
    this.#running.get(id)?.controller.abort();
  }

  failureOf(id: string): OcrHubError | undefined {
    return this.#failures.get(id);
  }

  /** Finds jobs of this server on which no server works: theirs was killed, or stopped before they were begun. */
  async #search(): Promise<void> {
    const ids = await this.#store.list('job');
    const present = new Set(ids);
    for (const id of this.#failures.keys()) if (!present.has(id)) this.#failures.delete(id);
    this.#parts.forgetGone(present);
    const found: { readonly id: string; readonly createdAt: Date }[] = [];
    for (const id of ids) {
      if (this.#running.has(id) || this.#failures.has(id)) continue;
      const state = await this.#store.state(id);
      if (state === undefined || state.isClaimed || state.finishedAt !== undefined) continue;
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
      const ended = this.#run(id, controller.signal)
        .catch((error: unknown) => void this.#failures.set(id, OcrHubError.of(error)))
        .finally(() => {
          this.#running.delete(id);
          this.#fill();
        });
      this.#running.set(id, { controller, ended });
    }
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    const head = await this.#parts.headOf(id);
    const claims = (await this.#store.state(id))?.claims ?? 0;
    if (head === undefined) return;
    if (claims >= maxClaims) {
      await this.#finish(id, failed(new OcrHubError('job_interrupted', { times: claims })));
      return;
    }
    const claim = await this.#store.claim(id);
    if (claim === undefined) return;
    const renewal = setInterval(() => void claim.renew(), claimMs / 5);
    try {
      await this.#work(id, { head, claim, signal });
    } finally {
      clearInterval(renewal);
    }
  }

  async #work(id: string, { head, claim, signal }: InWork): Promise<void> {
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
      await this.#finish(id, { state: 'done' });
      await this.#store.drop(id, inputParts(work));
      this.#parts.observe(head, { images, ms: performance.now() - start, queueMs, stages });
    } catch (thrown) {
      const error = OcrHubError.of(thrown);
      // The server is stopped, or the job was removed. The next server on this port takes up what is still there.
      if (error.code === 'client_gone' || error.code === 'not_ready') {
        await claim.giveBack();
        return;
      }
      const { kind: outcome, httpStatus, message } = error;
      this.#parts.observe(head, {
        images,
        outcome,
        httpStatus,
        message,
        ms: performance.now() - start,
        stack: stackWithCauses(error),
      });
      await this.#finish(id, failed(error));
    }
  }

  /** Waits until the queue has room: a job must not take the place of a request. */
  async #predict(work: ServiceRequest, signal: AbortSignal): Promise<PredictAnswer> {
    for (;;) {
      try {
        return await this.#parts.predict(work, signal);
      } catch (error) {
        const isBusy = OcrHubError.is(error) && (error.code === 'queue_full' || error.code === 'not_ready');
        if (!isBusy || this.#isStopped || signal.aborted) throw error;
        await sleep(retryMs);
      }
    }
  }

  async #finish(id: string, outcome: Outcome): Promise<void> {
    await this.#store.write(id, outcomePart, Buffer.from(JSON.stringify(outcome)));
  }
}

interface InWork {
  readonly head: JobHead;
  readonly claim: Claim;
  readonly signal: AbortSignal;
}

function failed(error: OcrHubError): Outcome {
  return { state: 'failed', error: error.toJSON() };
}
