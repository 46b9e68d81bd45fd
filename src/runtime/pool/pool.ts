import { OcrHubError } from '../errors/error.js';
import type { Home } from '../config/home.js';
import type { ServeOptions } from '../options/serve-options.js';
import type { ModelInfo, PredictAnswer, ProcessInfo, ServiceRequest } from '../service/contract.js';
import { UseWatch, decodeLimits, writeLimits } from './use-watch.js';
import { Job, type Task } from './job.js';
import { loadMessage, type LoadResult, type TaskOutcome } from './messages.js';
import { RequestQueue } from './request-queue.js';
import { Supervisor, type PoolState, type SupervisorEvents } from './supervisor.js';
import { WorkerHandle, type WorkerEvents } from './worker-handle.js';

/** For the log and the metrics. */
export interface PoolEvents extends SupervisorEvents {
  processLoaded(pid: number, models: readonly ModelInfo[]): void;
  /** A process, or a module in it, wrote a line to stdout or stderr. */
  processPrinted(pid: number, line: string): void;
}

type PoolOptions = Pick<
  ServeOptions,
  | 'modules'
  | 'startedIn'
  | 'processes'
  | 'threads'
  | 'maxPixels'
  | 'maxPages'
  | 'maxQueue'
  | 'maxBody'
  | 'timeout'
  | 'maxMemory'
  | 'maxTasks'
  | 'allowPartial'
>;

/**
 * The inference processes of a server and the requests for them. RequestQueue decides which task is next, Supervisor keeps
 * the processes running; the pool hands tasks to idle processes. A task whose process dies is done again.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #events: PoolEvents;
  readonly #queue: RequestQueue;
  readonly #supervisor: Supervisor<WorkerHandle>;
  /** Tasks in progress, by id. */
  readonly #running = new Map<number, { task: Task; worker: WorkerHandle }>();
  readonly #watches = new Map<WorkerHandle, UseWatch>();
  /** Processes that were killed because of a file. */
  readonly #stopped = new WeakSet<WorkerHandle>();
  /** The deadline of each request. */
  readonly #deadlines = new Map<Job, NodeJS.Timeout>();
  /** Modules by route, with the error of those that could not be loaded. */
  #modules: ReadonlyMap<string, LoadResult> = new Map();
  #models: readonly ModelInfo[] = [];
  #onDrained: (() => void) | undefined;

  constructor(home: Home, options: PoolOptions, events: PoolEvents) {
    this.#options = options;
    this.#events = events;
    this.#queue = new RequestQueue(options);
    const spawn = (): WorkerHandle => new WorkerHandle(loadMessage(home, options), this.#workerEvents);
    this.#supervisor = new Supervisor(options, spawn, {
      ...events,
      stateChanged: (state, reason) => this.#stateChanged(state, reason),
    });
  }

  get state(): PoolState {
    return this.#supervisor.state;
  }

  /** Why the pool has failed. */
  get reason(): string | undefined {
    return this.#supervisor.reason;
  }

  /** How many requests wait and have no task that was started. */
  get queued(): number {
    return this.#queue.unstarted;
  }

  /** The models of the process that loaded last; all processes load the same ones. */
  get models(): readonly ModelInfo[] {
    return this.#models;
  }

  /** Why a module could not be loaded. Undefined if it was loaded, or is not loaded yet. */
  problemOf(route: string): string | undefined {
    const error = this.#modules.get(route)?.error;
    return error === undefined ? undefined : OcrHubError.from(error).message;
  }

  /** The setting and the models of a loaded module. */
  loadedAs(route: string): Pick<LoadResult, 'setting' | 'models'> {
    const { setting = null, models = [] } = this.#modules.get(route) ?? {};
    return { setting, models };
  }

  info(): ProcessInfo[] {
    return this.#supervisor.workers.map((worker) => worker.info());
  }

  /**
   * Starts all processes; resolves when every one has made its first inference.
   *
   * @throws OcrHubError `process_start_failed`, `not_ready`, or the error of a module that cannot be loaded
   */
  start(): Promise<void> {
    return this.#supervisor.start();
  }

  /**
   * Refuses a request of one picture if it would be refused now; `predict` checks again.
   *
   * @throws OcrHubError `not_ready`, `queue_full`
   */
  admit(): void {
    // During a drain, requests that arrive on open connections are still answered.
    const isOpen = this.state === 'ready' || (this.state === 'draining' && !this.#supervisor.closed);
    if (!isOpen) throw new OcrHubError('not_ready', { state: this.state, reason: this.reason ?? '' });
    this.#queue.requireTurns(1, this.#supervisor.idleWorkers.length);
  }

  /**
   * Answers a request. Its waiting tasks are dropped when `signal` is aborted.
   *
   * @throws OcrHubError `not_ready`, `queue_full`, `module_not_served`, `deadline_missed`, `process_died`, `client_gone`,
   *   `format_too_costly`, and the errors of the module
   */
  async predict(request: ServiceRequest, signal: AbortSignal): Promise<PredictAnswer> {
    this.admit();
    const module = this.#modules.get(request.route);
    if (module === undefined) throw new OcrHubError('module_not_served', { name: request.route });
    if (module.error !== undefined) throw OcrHubError.from(module.error);
    const job = new Job(request, module, this.#options.maxPages);
    this.#queue.add(job, this.#supervisor.idleWorkers.length);
    const deadline = setTimeout(() => this.#missDeadline(job), this.#options.timeout * 1000);
    this.#deadlines.set(job, deadline);
    const onAbort = () => this.#drop(job, new OcrHubError('client_gone', {}));
    signal.addEventListener('abort', onAbort);
    this.#dispatch();
    try {
      return await job.answer;
    } finally {
      this.#queue.release(job);
      clearTimeout(deadline);
      this.#deadlines.delete(job);
      for (const worker of this.#supervisor.workers) worker.release(job.fileIds);
      signal.removeEventListener('abort', onAbort);
      this.#checkDrained();
    }
  }

  /** The pool is no longer ready, but answers requests that still arrive. */
  announceEnd(): void {
    // Its jobs wait for a process that may never start; another pool or server does them.
    if (this.state === 'failed') {
      this.#queue.failAll(new OcrHubError('not_ready', { state: 'failed', reason: this.reason ?? '' }));
    }
    this.#supervisor.announceEnd();
  }

  /** Ends all processes when all requests are answered, or after `maxMs`. */
  async drain(maxMs: number): Promise<void> {
    this.announceEnd();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, maxMs);
      this.#onDrained = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#checkDrained();
    });
    this.close();
  }

  /** Kills all processes; unanswered requests fail. */
  close(): void {
    this.announceEnd();
    const error = new OcrHubError('not_ready', {
      state: 'draining',
      reason: 'it was stopped before this request was done',
    });
    this.#queue.failAll(error);
    for (const { task } of this.#running.values()) task.job.fail(error);
    this.#supervisor.close();
  }

  readonly #workerEvents: WorkerEvents = {
    loaded: (worker, modules, models) => {
      this.#events.processLoaded(worker.pid, models);
      this.#models = models;
      this.#modules = new Map(modules.map((module) => [module.route, module]));
      this.#supervisor.onLoaded();
      this.#dispatch();
    },
    loadFailed: (_worker, error) => this.#supervisor.onLoadFailed(error),
    printed: (worker, line) => this.#events.processPrinted(worker.pid, line),
    done: (worker, id, outcome) => this.#finishTask(worker, id, outcome),
    decoding: (worker, file, page) => this.#watchDecoding(worker, file, page),
    ended: (worker, end) => {
      this.#endWatch(worker);
      const alreadyCounted = this.#recoverTask(worker, end);
      const wasStopped = this.#stopped.has(worker);
      this.#supervisor.onEnded(worker, end, { alreadyCounted, wasStopped, areWaiting: !this.#queue.isEmpty });
      this.#dispatch();
      this.#checkDrained();
    },
  };

  #watchDecoding(worker: WorkerHandle, file: number | null, page: number | undefined): void {
    this.#endWatch(worker);
    const job = worker.task === undefined ? undefined : this.#running.get(worker.task)?.task.job;
    if (file === null || job === undefined) return;
    const stop = (use: string): void => {
      const reason = `${page === undefined ? 'it' : `page ${page}`} takes ${use} to decode`;
      job.stopDecoding(file, reason);
      this.#stopped.add(worker);
      this.#events.processRetired(worker.pid, `of a file that it decodes: ${reason}`);
      worker.kill();
    };
    this.#watches.set(worker, new UseWatch(worker.pid, decodeLimits(this.#options, job.sizeOf(file)), stop));
  }

  /** The formats parse files with libraries of their own, and decode pages again. */
  #watchWriting(worker: WorkerHandle, job: Job, format: string): void {
    const stop = (use: string): void => {
      this.#drop(job, new OcrHubError('format_too_costly', { format, use }));
      this.#stopped.add(worker);
      this.#events.processRetired(worker.pid, `of a file that it writes: format=${format} takes ${use}`);
      worker.kill();
    };
    this.#watches.set(worker, new UseWatch(worker.pid, writeLimits(this.#options, job), stop));
  }

  #endWatch(worker: WorkerHandle): void {
    this.#watches.get(worker)?.stop();
    this.#watches.delete(worker);
  }

  #stateChanged(state: PoolState, reason: string | undefined): void {
    if (state === 'failed') this.#queue.failAwaited(new OcrHubError('not_ready', { state, reason: reason ?? '' }));
    this.#events.stateChanged(state, reason);
  }

  #dispatch(): void {
    for (const worker of this.#supervisor.idleWorkers) {
      const next = this.#queue.take();
      if (next === undefined) return;
      const { task } = next;
      this.#running.set(task.id, { task, worker });
      if (task.job.isTimedByTask) this.#deadlines.get(task.job)?.refresh();
      worker.run(next.message, this.#options.timeout * 1000);
      if (next.message.type === 'compose') this.#watchWriting(worker, task.job, next.message.output.format);
    }
  }

  #finishTask(worker: WorkerHandle, id: number, outcome: TaskOutcome | OcrHubError): void {
    this.#endWatch(worker);
    const task = this.#running.get(id)?.task;
    this.#running.delete(id);
    const failed = OcrHubError.is(outcome);
    if (task !== undefined) {
      if (failed) this.#drop(task.job, outcome);
      else this.#finishWork(task, outcome);
    }
    this.#supervisor.onTaskEnded(worker, !failed);
    this.#dispatch();
    this.#checkDrained();
  }

  #finishWork(task: Task, outcome: TaskOutcome): void {
    const { job } = task;
    job.finish(task, outcome);
    this.#queue.keep(job);
    if (job.isTimedByTask) this.#deadlines.get(job)?.refresh();
  }

  /** Fails a request. Its waiting tasks are never started; the outcomes of its running tasks are ignored. */
  #drop(job: Job, error: OcrHubError): void {
    job.fail(error);
    this.#queue.remove(job);
  }

  /**
   * A running inference cannot be canceled, so the processes that work on the request are killed. A document of which a page
   * was read may wait longer: its next page waits for its turn behind those of other documents. So may a job: it was accepted.
   */
  #missDeadline(job: Job): void {
    const isRunning = [...this.#running.values()].some(({ task }) => task.job === job);
    if (job.isTimedByTask && !isRunning) {
      this.#deadlines.get(job)?.refresh();
      return;
    }
    this.#drop(job, new OcrHubError('deadline_missed', { seconds: this.#options.timeout }));
    for (const { task, worker } of this.#running.values()) if (task.job === job) worker.kill();
  }

  /**
   * Puts the task of a dead process back; after too many deaths its request fails. Returns true if the exit does not count
   * as a crash: the process was killed for a missed deadline, or the request has crashed another process before.
   */
  #recoverTask(worker: WorkerHandle, end: string): boolean {
    const task = worker.task === undefined ? undefined : this.#running.get(worker.task)?.task;
    if (task === undefined) return false;
    this.#running.delete(task.id);
    const { job } = task;
    if (job.settled) return true;
    if (this.#stopped.has(worker)) {
      this.#queue.putBack(task);
      return true;
    }
    if (worker.wasTooSlow) {
      // Another picture of the request moved its deadline on meanwhile.
      this.#drop(job, new OcrHubError('deadline_missed', { seconds: this.#options.timeout }));
      return true;
    }
    const alreadyCounted = job.hasCrashed;
    job.hasCrashed = true;
    if (job.outlives(task, worker.wasKilled)) this.#queue.putBack(task);
    else this.#drop(job, new OcrHubError('process_died', { end, times: task.deaths }));
    return alreadyCounted;
  }

  #checkDrained(): void {
    if (this.#queue.isEmpty && this.#running.size === 0) this.#onDrained?.();
  }
}
