import { OcrHubError } from '../errors/error.js';
import type { Health, ModelInfo, PredictAnswer, ProcessInfo, ServiceRequest } from '../service/contract.js';
import type { ServeOptions } from '../options/serve-options.js';
import { deathsUntilFailed, failedPause, restartDelay } from './backoff.js';
import { WorkerHandle, type ProcessEvents } from './worker-handle.js';
import { Job, type Part } from './job.js';
import { loadMessage, type LoadResult, type TaskOutcome } from './messages.js';

export type PoolState = Health['status'];

/** What the pool tells of its processes; for the log and the metrics. */
export interface PoolEvents {
  processStarted(pid: number): void;
  processLoaded(pid: number, models: readonly ModelInfo[]): void;
  processEnded(pid: number, end: string, expected: boolean): void;
  processRetired(pid: number, why: string): void;
  /** A module wrote a line to stdout or stderr. */
  processPrinted(pid: number, line: string): void;
  stateChanged(state: PoolState, reason: string): void;
}

type PoolOptions = Pick<
  ServeOptions,
  | 'modules'
  | 'startedIn'
  | 'processes'
  | 'threads'
  | 'maxPixels'
  | 'maxQueue'
  | 'maxBody'
  | 'timeout'
  | 'maxMemory'
  | 'maxTasks'
  | 'allowPartial'
>;

/**
 * The inference processes of one server, and the requests that wait for them.
 *
 * A request is split into its pictures where its module allows that. Every other turn is the request's that came first,
 * so that each comes to its end, and the turns between are for the one with fewest pictures left, so that one with many
 * does not hold up the others. A process that dies is replaced, and the part it worked on is done once more.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #events: PoolEvents;
  /** Requests with parts that wait, in the order in which they came. */
  readonly #queue: Job[] = [];
  #isOldestsTurn = true;
  /** Bytes of the pictures of all requests that have no answer yet. */
  #bytes = 0;
  readonly #processes = new Set<WorkerHandle>();
  /** Parts in work, by task id. */
  readonly #running = new Map<number, { part: Part; process: WorkerHandle }>();
  /** Processes whose successor is starting or ready. */
  readonly #worn = new Set<WorkerHandle>();
  /** Served modules, with the error of those that could not be loaded. */
  #modules: ReadonlyMap<string, LoadResult> = new Map();
  #models: readonly ModelInfo[] = [];
  #state: PoolState = 'starting';
  #reason = '';
  /** Unexpected ends of processes since the last good answer; of those that one request ended only the first. */
  #deaths = 0;
  /** Ends of processes while they started, since one came to its end of that: a good answer of another says nothing of it. */
  #failedStarts = 0;
  /** Why the latest process could not load its modules; empty when it could. */
  #loadProblem = '';
  #closed = false;
  /** Restarts that wait for their delay. */
  readonly #restarts = new Set<NodeJS.Timeout>();
  #firstLoad: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #idle: (() => void) | undefined;

  constructor(options: PoolOptions, events: PoolEvents) {
    this.#options = options;
    this.#events = events;
  }

  get state(): PoolState {
    return this.#state;
  }

  /** Why the pool is not ready; empty when it is. */
  get reason(): string {
    return this.#reason;
  }

  /** Requests of which no part is in work yet. */
  get queued(): number {
    return this.#queue.filter((job) => !job.started).length;
  }

  /** The networks of the process that loaded last; all processes load the same. */
  get models(): readonly ModelInfo[] {
    return this.#models;
  }

  /** Why a module could not be loaded; empty when it could, or is not loaded yet. */
  problemOf(route: string): string {
    const error = this.#modules.get(route)?.error;
    return error === undefined ? '' : OcrHubError.from(error).message;
  }

  /** How a module was loaded; nothing of one that is not loaded. */
  loadedAs(route: string): Pick<LoadResult, 'setting' | 'models'> {
    const { setting = null, models = [] } = this.#modules.get(route) ?? {};
    return { setting, models };
  }

  info(): ProcessInfo[] {
    return [...this.#processes].map((process) => process.info());
  }

  /**
   * Starts every process; resolves when all of them have made their first inference.
   *
   * @throws OcrHubError of the module that cannot be loaded
   */
  async start(): Promise<void> {
    if (this.#closed) throw stoppedWhileStarting();
    const loaded = new Promise<void>((resolve, reject) => {
      this.#firstLoad = { resolve, reject };
    });
    for (let i = 0; i < this.#options.processes; i++) this.#spawn();
    await loaded;
  }

  /**
   * Refuses a request that could not wait for its turn.
   *
   * @throws OcrHubError `not_ready`, `queue_full`
   */
  admit(): void {
    // A request that arrives on an open connection during a drain belongs to the work that is finished.
    const open = this.#state === 'ready' || (this.#state === 'draining' && !this.#closed);
    if (!open) throw new OcrHubError('not_ready', { state: this.#state, reason: this.#reason });
    this.#requireTurns(1);
  }

  /** Refuses a request of so many parts that would wait for more others than may wait. */
  #requireTurns(parts: number): void {
    // With a process at leisure nothing waits; then a queue of length 0 takes a request, too.
    const idle = [...this.#processes].filter((process) => process.state === 'idle').length;
    // Of a longer request no more parts come before it than it has itself.
    const waiting = this.#queue.reduce((sum, job) => sum + Math.min(job.waiting.length, parts), 0);
    if (waiting < this.#options.maxQueue + idle) return;
    throw new OcrHubError('queue_full', { waiting, what: parts === 1 ? 'requests' : 'pictures' });
  }

  /** Refuses pictures that would hold more memory, with those of the other requests, than they may. */
  #requireRoom(bytes: number): void {
    const room = Math.max(waitingBytes, 2 * this.#options.maxBody);
    if (this.#bytes + bytes > room) throw new OcrHubError('queue_full', { waiting: this.#bytes, what: 'bytes' });
  }

  /**
   * Does a request.
   *
   * @throws OcrHubError `not_ready`, `queue_full`, `deadline_missed`, `process_died`, `client_gone`, and the module's
   *   own
   */
  async predict(request: ServiceRequest, signal: AbortSignal): Promise<PredictAnswer> {
    this.admit();
    const module = this.#modules.get(request.route);
    if (module === undefined) throw new OcrHubError('module_not_served', { name: request.route });
    if (module.error !== undefined) throw OcrHubError.from(module.error);
    const job = new Job(request, module);
    this.#requireTurns(job.waiting.length);
    this.#requireRoom(job.bytes);
    this.#bytes += job.bytes;
    const deadline = setTimeout(() => this.#miss(job), this.#options.timeout * 1000);
    const gone = () => this.#drop(job, new OcrHubError('client_gone', {}));
    signal.addEventListener('abort', gone);
    this.#enqueue(job);
    this.#dispatch();
    try {
      return await job.answer;
    } finally {
      this.#bytes -= job.bytes;
      clearTimeout(deadline);
      signal.removeEventListener('abort', gone);
      this.#checkIdle();
    }
  }

  /** Says that the end is near: not ready any more, though what still arrives is done. */
  announceEnd(): void {
    this.#setState('draining', '');
  }

  /** Resolves when the requests it has are answered, or after `graceMs`, and ends all processes. */
  async drain(graceMs: number): Promise<void> {
    if (this.#state !== 'draining') this.announceEnd();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#checkIdle();
    });
    this.close();
  }

  /** Ends all processes at once; what is in work fails. */
  close(): void {
    if (this.#state !== 'draining') this.#setState('draining', '');
    this.#closed = true;
    for (const job of [...this.#queue, ...[...this.#running.values()].map(({ part }) => part.job)]) {
      job.fail(
        new OcrHubError('not_ready', { state: 'draining', reason: 'it was stopped before this request was done' }),
      );
    }
    this.#queue.length = 0;
    this.#firstLoad?.reject(stoppedWhileStarting());
    for (const timer of this.#restarts) clearTimeout(timer);
    for (const process of this.#processes) process.kill();
  }

  /** Processes that there should be, but are not, nor wait for their restart. */
  get #missing(): number {
    return this.#options.processes - (this.#processes.size - this.#worn.size) - this.#restarts.size;
  }

  #spawn(): void {
    const process = new WorkerHandle(loadMessage(this.#options), this.#processEvents);
    this.#processes.add(process);
    this.#events.processStarted(process.pid);
  }

  readonly #processEvents: ProcessEvents = {
    loaded: (process, modules, models) => {
      this.#events.processLoaded(process.pid, models);
      this.#loaded(modules, models);
    },
    loadFailed: (_process, error) => {
      this.#loadProblem = error.message;
      this.#firstLoad?.reject(error);
    },
    printed: (process, line) => this.#events.processPrinted(process.pid, line),
    done: (process, id, outcome) => this.#done(process, id, outcome),
    ended: (process, end) => this.#ended(process, end),
  };

  #loaded(modules: readonly LoadResult[], models: readonly ModelInfo[]): void {
    this.#models = models;
    this.#modules = new Map(modules.map((module) => [module.route, module]));
    this.#loadProblem = '';
    this.#failedStarts = 0;
    this.#endWorn();
    if (this.#state === 'starting' && [...this.#processes].every((process) => process.state !== 'starting')) {
      this.#setState('ready', '');
      this.#firstLoad?.resolve();
    } else if (this.#state === 'failed') {
      // On trial: the next death closes it again.
      this.#deaths = deathsUntilFailed - 1;
      this.#setState('ready', '');
      for (let missing = this.#missing; missing > 0; missing--) this.#spawn();
    }
    this.#dispatch();
  }

  #dispatch(): void {
    for (const process of this.#processes) {
      if (process.state !== 'idle') continue;
      const next = this.#next();
      if (next === undefined) return;
      this.#running.set(next.part.id, { part: next.part, process });
      process.run(next.message, this.#options.timeout * 1000);
    }
  }

  /** The next part of the request whose turn it is. */
  #next(): ReturnType<Job['take']> {
    const [oldest] = this.#queue;
    if (oldest === undefined) return undefined;
    const job = this.#isOldestsTurn ? oldest : this.#queue.reduce(shorter);
    this.#isOldestsTurn = !this.#isOldestsTurn;
    const taken = job.take();
    if (job.waiting.length === 0) this.#queue.splice(this.#queue.indexOf(job), 1);
    return taken;
  }

  #done(process: WorkerHandle, id: number, outcome: TaskOutcome | OcrHubError): void {
    const running = this.#running.get(id);
    this.#running.delete(id);
    if (!OcrHubError.is(outcome)) this.#deaths = 0;
    if (running !== undefined) {
      const { part } = running;
      if (OcrHubError.is(outcome)) this.#drop(part.job, outcome);
      else part.job.finish(part, outcome);
    }
    this.#replaceIfWorn(process);
    this.#dispatch();
    this.#checkIdle();
  }

  /** Ends a job early: its waiting parts are never worked on; results of those in work are thrown away. */
  #drop(job: Job, error: OcrHubError): void {
    job.fail(error);
    const place = this.#queue.indexOf(job);
    if (place >= 0) this.#queue.splice(place, 1);
  }

  /** Behind those that came before it: the part of a process that died goes back to its place. */
  #enqueue(job: Job): void {
    const behind = this.#queue.findIndex((other) => other.arrived > job.arrived);
    this.#queue.splice(behind === -1 ? this.#queue.length : behind, 0, job);
  }

  /** A running inference cannot be cancelled, so the processes that missed a deadline are replaced. */
  #miss(job: Job): void {
    this.#drop(job, new OcrHubError('deadline_missed', { seconds: this.#options.timeout }));
    for (const { part, process } of this.#running.values()) {
      if (part.job === job) process.kill();
    }
  }

  #ended(process: WorkerHandle, end: string): void {
    this.#processes.delete(process);
    const expected = process.state === 'retiring' || this.#state === 'draining';
    this.#events.processEnded(process.pid, end, expected);
    this.#worn.delete(process);
    const known = this.#giveBack(process, end);
    if (expected) {
      // A drain is not over while requests wait; without a process they would wait for the end of the grace.
      const bereft = this.#queue.length > 0 && this.#processes.size === 0;
      if (bereft && process.state !== 'starting') this.#spawn();
      this.#dispatch();
      this.#checkIdle();
    } else if (this.#state === 'starting') {
      this.#firstLoad?.reject(new OcrHubError('process_start_failed', { end, output: process.printed }));
    } else {
      if (process.state === 'starting') this.#failedStarts++;
      else if (!known) this.#deaths++;
      this.#restart(end);
    }
  }

  /**
   * Puts the part that a dead process worked on back once. True if this end says nothing new of the processes' health:
   * the request's deadline was kept by killing, or the request has ended another process before.
   */
  #giveBack(process: WorkerHandle, end: string): boolean {
    const running = process.task === undefined ? undefined : this.#running.get(process.task);
    if (running === undefined) return false;
    const { part } = running;
    const { job } = part;
    this.#running.delete(part.id);
    if (job.settled) return true;
    const isFirst = !job.endedProcess;
    job.endedProcess = true;
    if (++part.deaths >= 2) {
      this.#drop(job, new OcrHubError('process_died', { end }));
    } else {
      job.putBack(part);
      if (!this.#queue.includes(job)) this.#enqueue(job);
    }
    return !isFirst;
  }

  #restart(end: string): void {
    const deaths = this.#deaths + this.#failedStarts;
    let delay = restartDelay(deaths);
    // As long as one works, only restarts wait.
    const works = [...this.#processes].some(({ state }) => state === 'idle' || state === 'busy');
    if (deaths >= deathsUntilFailed && !works) {
      delay = failedPause;
      for (const timer of this.#restarts) clearTimeout(timer);
      this.#restarts.clear();
      const reason = `inference processes ended with ${deaths} requests or starts in a row without one good answer (${this.#loadProblem || end})`;
      for (const job of this.#queue.splice(0)) job.fail(new OcrHubError('not_ready', { state: 'failed', reason }));
      this.#setState('failed', reason);
    }
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      if (this.#missing > 0) this.#spawn();
    }, delay * 1000);
    this.#restarts.add(timer);
    this.#dispatch();
  }

  /** Starts the successor of a process that grew too large or old; the old one works on until that is ready. */
  #replaceIfWorn(process: WorkerHandle): void {
    const { maxMemory, maxTasks } = this.#options;
    if (this.#worn.has(process)) return;
    if (process.rss > maxMemory) this.#events.processRetired(process.pid, `its memory is ${process.rss} bytes`);
    else if (maxTasks > 0 && process.total >= maxTasks)
      this.#events.processRetired(process.pid, `it did ${process.total} tasks`);
    else return;
    this.#worn.add(process);
    this.#spawn();
  }

  /** A successor is ready: one worn process gets no more tasks, and ends when it has none. */
  #endWorn(): void {
    const worn = [...this.#worn].find((process) => process.state !== 'retiring');
    if (worn === undefined) return;
    worn.retire();
  }

  #checkIdle(): void {
    if (this.#queue.length === 0 && this.#running.size === 0) this.#idle?.();
  }

  #setState(state: PoolState, reason: string): void {
    this.#state = state;
    this.#reason = reason;
    this.#events.stateChanged(state, reason);
  }
}

/** Of pictures whose requests have no answer yet: a hundred of usual pages, or those of two of the largest bodies. */
const waitingBytes = 256 * 1024 ** 2;

/** The one with fewer parts that wait; of two with as many, the one that came first. */
function shorter(first: Job, second: Job): Job {
  return second.waiting.length < first.waiting.length ? second : first;
}

function stoppedWhileStarting(): OcrHubError {
  return new OcrHubError('not_ready', { state: 'draining', reason: 'it was stopped before it was ready' });
}
