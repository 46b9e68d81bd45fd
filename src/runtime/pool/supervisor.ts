import { OcrHubError } from '../errors/error.js';
import type { Health, ProcessInfo } from '../service/contract.js';
import { failedRetryDelay, maxFailures, restartDelay } from './backoff.js';

export type PoolState = Health['status'];

/** The part of a WorkerHandle that the supervisor needs. */
export interface Worker {
  readonly pid: number;
  readonly state: ProcessInfo['state'];
  /** Resident memory in bytes after the latest task. */
  readonly rss: number;
  readonly taskCount: number;
  /** The last lines that the process wrote. */
  readonly output: string;
  /** The process gets no more tasks and ends after its current one. */
  retire(): void;
  kill(): void;
}

export interface SupervisorOptions {
  readonly processes: number;
  /** Bytes of resident memory after which a process is replaced. */
  readonly maxMemory: number;
  /** Tasks after which a process is replaced; 0: never. */
  readonly maxTasks: number;
}

/** For the log and the metrics. */
export interface SupervisorEvents {
  processStarted(pid: number): void;
  processEnded(pid: number, end: string, expected: boolean): void;
  processRetired(pid: number, why: string): void;
  stateChanged(state: PoolState, reason: string | undefined): void;
}

/**
 * Keeps the inference processes of a pool running: starts them, restarts those that die, replaces those that grew too large,
 * and decides whether the pool is ready or has failed. It does not know their tasks: the pool reports what happens.
 */
export class Supervisor<W extends Worker> {
  readonly #options: SupervisorOptions;
  readonly #spawnWorker: () => W;
  readonly #events: SupervisorEvents;
  readonly #workers = new Set<W>();
  /** Workers whose successor is starting or has loaded. They work until it has loaded. */
  readonly #retiring = new Set<W>();
  #state: PoolState = 'starting';
  #reason: string | undefined;
  /** Unexpected exits since the last successful answer. Several exits caused by one request count once. */
  #crashes = 0;
  /** Exits of starting processes since one has loaded. Successful answers of other processes do not reset it. */
  #failedStarts = 0;
  /** Why the latest process could not load its modules. */
  #loadProblem: string | undefined;
  #closed = false;
  /** Restarts that wait for their delay. */
  readonly #restarts = new Set<NodeJS.Timeout>();
  #firstLoad: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(options: SupervisorOptions, spawnWorker: () => W, events: SupervisorEvents) {
    this.#options = options;
    this.#spawnWorker = spawnWorker;
    this.#events = events;
  }

  get state(): PoolState {
    return this.#state;
  }

  /** Why the state is `failed`. */
  get reason(): string | undefined {
    return this.#reason;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get workers(): readonly W[] {
    return [...this.#workers];
  }

  get idleWorkers(): readonly W[] {
    return this.workers.filter(({ state }) => state === 'idle');
  }

  /**
   * Starts all processes; resolves when every one has loaded the modules.
   *
   * @throws OcrHubError `process_start_failed`, the error of a module that cannot be loaded, or `not_ready` after `close`
   */
  async start(): Promise<void> {
    if (this.#closed) throw stoppedBeforeReady();
    const loaded = new Promise<void>((resolve, reject) => {
      this.#firstLoad = { resolve, reject };
    });
    for (let i = 0; i < this.#options.processes; i++) this.#spawn();
    await loaded;
  }

  /** The pool is no longer ready, but continues to work. Processes that end now are not restarted. */
  announceEnd(): void {
    if (this.#state !== 'draining') this.#setState('draining');
  }

  /** Kills all processes. */
  close(): void {
    this.announceEnd();
    this.#closed = true;
    this.#firstLoad?.reject(stoppedBeforeReady());
    this.#cancelRestarts();
    for (const worker of this.#workers) worker.kill();
  }

  /** Reports that a process has loaded the modules. */
  onLoaded(): void {
    this.#loadProblem = undefined;
    this.#failedStarts = 0;
    this.#retireOne();
    if (this.#state === 'starting' && this.workers.every(({ state }) => state !== 'starting')) {
      this.#setState('ready');
      this.#firstLoad?.resolve();
    } else if (this.#state === 'failed') {
      // On trial: the next crash makes the pool fail again.
      this.#crashes = maxFailures - 1;
      this.#setState('ready');
      for (let missing = this.#missing; missing > 0; missing--) this.#spawn();
    }
  }

  /** Reports that a process cannot load the modules; it ends. */
  onLoadFailed(error: OcrHubError): void {
    this.#loadProblem = error.message;
    this.#firstLoad?.reject(error);
  }

  /** Reports the end of a task. Starts the successor of a process that grew too large or did enough tasks. */
  onTaskEnded(worker: W, succeeded: boolean): void {
    if (succeeded) this.#crashes = 0;
    if (this.#retiring.has(worker)) return;
    const { maxMemory, maxTasks } = this.#options;
    if (worker.rss > maxMemory) this.#events.processRetired(worker.pid, `its memory is ${worker.rss} bytes`);
    else if (maxTasks > 0 && worker.taskCount >= maxTasks)
      this.#events.processRetired(worker.pid, `it did ${worker.taskCount} tasks`);
    else return;
    this.#retiring.add(worker);
    this.#spawn();
  }

  /**
   * Reports that a process is gone.
   *
   * @param end how it ended, for example a signal
   * @param about `alreadyCounted`: the exit is no new crash, because the pool killed the process for a missed deadline, or
   *   because the same request crashed another process before and that crash was counted. `wasStopped`: the pool killed the
   *   process because of a file. `areWaiting`: some requests wait for a process.
   */
  onEnded(worker: W, end: string, about: { alreadyCounted: boolean; wasStopped: boolean; areWaiting: boolean }): void {
    const expected = worker.state === 'retiring' || this.#state === 'draining';
    this.#workers.delete(worker);
    this.#retiring.delete(worker);
    this.#events.processEnded(worker.pid, end, expected || about.wasStopped);
    if (expected) {
      // A drain finishes the waiting requests. Without a process they would wait until the grace is over.
      if (about.areWaiting && this.#workers.size === 0 && worker.state !== 'starting') this.#spawn();
    } else if (this.#state === 'starting') {
      this.#firstLoad?.reject(new OcrHubError('process_start_failed', { end, output: worker.output }));
    } else {
      if (worker.state === 'starting') this.#failedStarts++;
      else if (!about.alreadyCounted && !about.wasStopped) this.#crashes++;
      this.#restart(end);
    }
  }

  #spawn(): void {
    const worker = this.#spawnWorker();
    this.#workers.add(worker);
    this.#events.processStarted(worker.pid);
  }

  /** How many processes to start: those that do not run and do not wait for their restart. */
  get #missing(): number {
    return this.#options.processes - (this.#workers.size - this.#retiring.size) - this.#restarts.size;
  }

  #restart(end: string): void {
    const failures = this.#crashes + this.#failedStarts;
    let delay = restartDelay(failures);
    const isAnyWorking = this.workers.some(({ state }) => state === 'idle' || state === 'busy');
    if (failures >= maxFailures && !isAnyWorking) {
      delay = failedRetryDelay;
      this.#cancelRestarts();
      const why = this.#loadProblem ?? end;
      this.#setState(
        'failed',
        `inference processes ended with ${failures} requests or starts in a row without one good answer (${why})`,
      );
    }
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      if (this.#missing > 0) this.#spawn();
    }, delay * 1000);
    this.#restarts.add(timer);
  }

  #cancelRestarts(): void {
    for (const timer of this.#restarts) clearTimeout(timer);
    this.#restarts.clear();
  }

  /** A successor has loaded: one retiring process gets no more tasks. */
  #retireOne(): void {
    [...this.#retiring].find(({ state }) => state !== 'retiring')?.retire();
  }

  #setState(state: PoolState, reason?: string): void {
    this.#state = state;
    this.#reason = reason;
    this.#events.stateChanged(state, reason);
  }
}

/** The error of a start that was given up. */
export function stoppedBeforeReady(): OcrHubError {
  return new OcrHubError('not_ready', { state: 'draining', reason: 'it was stopped while it loaded the modules' });
}
