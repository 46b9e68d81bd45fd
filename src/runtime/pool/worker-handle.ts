import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { OcrHubError } from '../errors/error.js';
import type { ModelInfo, ProcessInfo } from '../service/contract.js';
import { spawnWorker, sendToWorker } from './spawn-worker.js';
import { readPrintedLines } from './output-lines.js';
import type { DoneMessage, FromInference, LoadResult, LoadMessage, TaskMessage, TaskOutcome } from './messages.js';

/** What an inference process tells the pool. */
export interface ProcessEvents {
  loaded(process: WorkerHandle, modules: readonly LoadResult[], models: readonly ModelInfo[]): void;
  /** The modules cannot be loaded; the process ends. */
  loadFailed(process: WorkerHandle, error: OcrHubError): void;
  done(process: WorkerHandle, id: number, outcome: TaskOutcome | OcrHubError): void;
  /** It, or a module in it, wrote a line to stdout or stderr. */
  printed(process: WorkerHandle, line: string): void;
  /** The process is gone; `end` says how. */
  ended(process: WorkerHandle, end: string): void;
}

/** A process that has not loaded its modules after this long will not. Milliseconds. */
const loadTimeout = 120_000;

/** How much of what a process printed is told when it cannot start. */
const keptLines = 20;

/** One child process that works on at most one task at a time. */
export class WorkerHandle {
  served = 0;
  failed = 0;
  /** Resident memory in bytes after the latest task. */
  rss = 0;
  /** The task it works on. */
  task: number | undefined;
  #state: ProcessInfo['state'] = 'starting';
  readonly #child: ChildProcess;
  /** Ends the process when loading, or a task, takes too long. */
  #limit: NodeJS.Timeout;
  /** The latest lines that it or its modules wrote to stdout and stderr. */
  #printed: readonly string[] = [];
  #killed = false;
  #gone = false;

  constructor(load: LoadMessage, events: ProcessEvents) {
    this.#child = spawnWorker(load);
    // Node has no streams of a process that was never started, though its types say null.
    for (const stream of [this.#child.stdout, this.#child.stderr] as (Readable | null | undefined)[]) {
      if (stream) readPrintedLines(stream, (line) => this.#print(line, events));
    }
    this.#child.on('message', (message: FromInference) => this.#receive(message, events));
    this.#child.once('error', (error) => this.#end(error.message, events));
    this.#child.once('exit', (code, signal) => this.#end(signal ?? `exit code ${String(code)}`, events));
    this.#limit = setTimeout(() => {
      const end = `it was still loading its modules after ${loadTimeout / 1000} s`;
      events.loadFailed(this, new OcrHubError('process_start_failed', { end, output: this.printed }));
      this.kill();
    }, loadTimeout);
  }

  get state(): ProcessInfo['state'] {
    return this.#state;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get printed(): string {
    return this.#printed.join('\n');
  }

  get total(): number {
    return this.served + this.failed;
  }

  info(): ProcessInfo {
    return { pid: this.pid, state: this.state, served: this.served, failed: this.failed };
  }

  /** @param timeout milliseconds after which the process is ended, whoever still waits for the task */
  run(task: TaskMessage, timeout: number): void {
    this.task = task.id;
    this.#limit = setTimeout(() => {
      this.kill();
    }, timeout);
    if (this.#state === 'idle') this.#state = 'busy';
    sendToWorker(this.#child, task);
  }

  /** It gets no more tasks, and ends when it has none. */
  retire(): void {
    this.#state = 'retiring';
    if (this.task === undefined) this.kill();
  }

  kill(): void {
    this.#killed = true;
    // Without an id it was never started, and the signal would go to this process's own group.
    if (this.#child.pid !== undefined) this.#child.kill('SIGKILL');
  }

  #receive(message: FromInference, events: ProcessEvents): void {
    // What a process says after it has been killed would bring it back to life.
    if (this.#killed) return;
    if (message.type === 'done') {
      clearTimeout(this.#limit);
      this.#finish(message, events);
    } else if (message.error === undefined) {
      clearTimeout(this.#limit);
      this.#state = 'idle';
      events.loaded(this, message.modules, message.models);
    } else {
      events.loadFailed(this, OcrHubError.from(message.error));
      this.kill();
    }
  }

  #finish({ id, outcome, rss }: DoneMessage, events: ProcessEvents): void {
    this.rss = rss;
    this.task = undefined;
    if (this.#state === 'busy') this.#state = 'idle';
    if ('error' in outcome) this.failed++;
    else this.served++;
    events.done(this, id, 'error' in outcome ? OcrHubError.from(outcome.error) : outcome);
    if (this.#state === 'retiring') this.kill();
  }

  #print(line: string, events: ProcessEvents): void {
    this.#printed = [...this.#printed, line].slice(-keptLines);
    events.printed(this, line);
  }

  #end(end: string, events: ProcessEvents): void {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#limit);
    events.ended(this, end);
  }
}
