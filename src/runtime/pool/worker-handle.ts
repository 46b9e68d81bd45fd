import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { OcrHubError } from '../errors/error.js';
import { OomKills } from '../process/oom-kills.js';
import type { ModelInfo, ProcessInfo } from '../service/contract.js';
import type { DoneMessage, FromInference, LoadMessage, LoadResult, TaskMessage, TaskOutcome } from './messages.js';
import { readOutputLines } from './output-lines.js';
import { sendToWorker, spawnWorker } from './spawn-worker.js';

export interface WorkerEvents {
  loaded(worker: WorkerHandle, modules: readonly LoadResult[], models: readonly ModelInfo[]): void;
  /** The modules cannot be loaded; the process ends. */
  loadFailed(worker: WorkerHandle, error: OcrHubError): void;
  done(worker: WorkerHandle, id: number, outcome: TaskOutcome | OcrHubError): void;
  /** The process, or a module in it, wrote a line to stdout or stderr. */
  printed(worker: WorkerHandle, line: string): void;
  /** The process decodes a file from now on; with null it does not any more. */
  decoding(worker: WorkerHandle, file: number | null, page?: number): void;
  /** The process is gone; `end` is its signal, exit code or spawn error. */
  ended(worker: WorkerHandle, end: string): void;
}

const loadTimeoutMs = 120_000;

/** How many lines of output are kept for the error of a process that cannot start. */
const maxKeptLines = 20;

/** What people, service managers and the kernel end processes with: inference processes ignore the gentler signals. */
const killSignal = 'SIGKILL';

/** One for all processes, because the kernel counts them together. */
const oomKills = new OomKills();

/** A child process that loads the modules and works on one task at a time. */
export class WorkerHandle {
  served = 0;
  failed = 0;
  /** Resident memory in bytes after the latest task. */
  rss = 0;
  /** The id of the task in progress. */
  task: number | undefined;
  /** The document that the process holds open. */
  #held: number | undefined;
  /** The files of the task in progress. The process may hold one of them afterwards. */
  #reading: readonly number[] = [];
  #state: ProcessInfo['state'] = 'starting';
  readonly #child: ChildProcess;
  /** Kills the process when loading or a task takes too long. */
  #timer: NodeJS.Timeout;
  #lastLines: readonly string[] = [];
  #killed = false;
  #wasKilled = false;
  #wasTooSlow = false;
  #ended = false;

  constructor(load: LoadMessage, events: WorkerEvents) {
    this.#child = spawnWorker(load);
    // The streams of a process that was not started are undefined; the types say null.
    for (const stream of [this.#child.stdout, this.#child.stderr] as (Readable | null | undefined)[]) {
      if (stream) readOutputLines(stream, (line) => this.#print(line, events));
    }
    this.#child.on('message', (message: FromInference) => this.#receive(message, events));
    this.#child.once('error', (error) => this.#end(error.message, events));
    this.#child.once('exit', (code, signal) => this.#end(this.#endOf(code, signal), events));
    this.#timer = setTimeout(() => {
      const end = `it was still loading its modules after ${loadTimeoutMs / 1000} s`;
      events.loadFailed(this, new OcrHubError('process_start_failed', { end, output: this.output }));
      this.kill();
    }, loadTimeoutMs);
  }

  get state(): ProcessInfo['state'] {
    return this.#state;
  }

  /** 0 if the process could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The last lines that the process wrote to stdout and stderr. */
  get output(): string {
    return this.#lastLines.join('\n');
  }

  get taskCount(): number {
    return this.served + this.failed;
  }

  /** Whether somebody else ended the process, by a signal that no crash has. */
  get wasKilled(): boolean {
    return this.#wasKilled;
  }

  /** Whether the process was killed because its task took longer than `run` allows. */
  get wasTooSlow(): boolean {
    return this.#wasTooSlow;
  }

  info(): ProcessInfo {
    return { pid: this.pid, state: this.state, served: this.served, failed: this.failed };
  }

  /** @param timeoutMs the process is killed after this time, even if no client waits for the task any more */
  run(task: TaskMessage, timeoutMs: number): void {
    this.task = task.id;
    this.#timer = setTimeout(() => {
      this.#wasTooSlow = !this.#killed;
      this.kill();
    }, timeoutMs);
    this.#reading = task.type === 'read' ? task.files.map(({ id }) => id) : [];
    if (this.#state === 'idle') this.#state = 'busy';
    sendToWorker(this.#child, this.#withoutHeldBytes(task));
  }

  /** Tells the process that some files are not needed any more. It drops them when its task is done. */
  release(files: readonly number[]): void {
    const kept = new Set(this.#held === undefined ? this.#reading : [this.#held, ...this.#reading]);
    for (const file of files) if (kept.has(file)) sendToWorker(this.#child, { type: 'release', file });
    if (this.#held !== undefined && files.includes(this.#held)) this.#held = undefined;
  }

  /** Ends the process after its current task, or at once if it has none. */
  retire(): void {
    this.#state = 'retiring';
    if (this.task === undefined) this.kill();
  }

  kill(): void {
    this.#killed = true;
    // Without an id the signal would go to the process group of this process.
    if (this.#child.pid !== undefined) this.#child.kill('SIGKILL');
  }

  #receive(message: FromInference, events: WorkerEvents): void {
    // A message that arrives after the kill must not make the process idle again.
    if (this.#killed) return;
    if (message.type === 'decoding') {
      events.decoding(this, message.file, message.page);
    } else if (message.type === 'done') {
      clearTimeout(this.#timer);
      this.#finish(message, events);
    } else if (message.error === undefined) {
      clearTimeout(this.#timer);
      this.#state = 'idle';
      events.loaded(this, message.modules, message.models);
    } else {
      events.loadFailed(this, OcrHubError.from(message.error));
      this.kill();
    }
  }

  #finish({ id, outcome, held, rss }: DoneMessage, events: WorkerEvents): void {
    this.#held = held;
    this.rss = rss;
    this.task = undefined;
    this.#reading = [];
    if (this.#state === 'busy') this.#state = 'idle';
    if ('error' in outcome) this.failed++;
    else this.served++;
    events.done(this, id, 'error' in outcome ? OcrHubError.from(outcome.error) : outcome);
    if (this.#state === 'retiring') this.kill();
  }

  /** A document of many megabytes is sent once, not once a page. */
  #withoutHeldBytes(task: TaskMessage): TaskMessage {
    if (task.type !== 'read') return task;
    return { ...task, files: task.files.map((file) => (file.id === this.#held ? { ...file, bytes: null } : file)) };
  }

  #print(line: string, events: WorkerEvents): void {
    this.#lastLines = [...this.#lastLines, line].slice(-maxKeptLines);
    events.printed(this, line);
  }

  #endOf(code: number | null, signal: string | null): string {
    this.#wasKilled = !this.#killed && signal === killSignal;
    const end = signal ?? `exit code ${String(code)}`;
    return this.#killed ? end : oomKills.explain(end);
  }

  #end(end: string, events: WorkerEvents): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    events.ended(this, end);
  }
}
