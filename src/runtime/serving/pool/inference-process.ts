import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { OcrHubError } from '../../errors.js';
import type { ProcessInfo } from '../../http/service.js';
import { inferenceEnvironment } from '../../settings.js';
import type { DoneMessage, FromWorker, LoadedModule, LoadMessage, TaskMessage, TaskOutcome } from './protocol.js';

/** What an inference process tells the pool. */
export interface ProcessEvents {
  loaded(process: InferenceProcess, modules: readonly LoadedModule[]): void;
  /** The modules cannot be loaded; the process ends. */
  loadFailed(process: InferenceProcess, error: OcrHubError): void;
  done(process: InferenceProcess, id: number, outcome: TaskOutcome | OcrHubError): void;
  /** The process is gone; `end` says how. */
  ended(process: InferenceProcess, end: string): void;
}

/** One child process that works on at most one task at a time. */
export class InferenceProcess {
  state: ProcessInfo['state'] = 'starting';
  served = 0;
  failed = 0;
  /** Resident memory in bytes after the latest task. */
  rss = 0;
  /** The task it works on. */
  task: number | undefined;
  readonly #child: ChildProcess;
  #gone = false;

  constructor(load: LoadMessage, events: ProcessEvents) {
    this.#child = fork(fileURLToPath(new URL('worker.js', import.meta.url)), [], {
      // Structured clone: pictures travel as bytes, not as JSON.
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: ['--enable-source-maps'],
      env: inferenceEnvironment(load.threads),
    });
    this.#child.on('message', (message: FromWorker) => this.#receive(message, events));
    this.#child.once('error', (error) => this.#end(error.message, events));
    this.#child.once('exit', (code, signal) => this.#end(signal ?? `exit code ${String(code)}`, events));
    this.#send(load);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get total(): number {
    return this.served + this.failed;
  }

  info(): ProcessInfo {
    return { pid: this.pid, state: this.state, served: this.served, failed: this.failed };
  }

  run(task: TaskMessage): void {
    this.task = task.id;
    if (this.state === 'idle') this.state = 'busy';
    this.#send(task);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #receive(message: FromWorker, events: ProcessEvents): void {
    if (message.type === 'done') {
      this.#finish(message, events);
    } else if (message.error === undefined) {
      this.state = 'idle';
      events.loaded(this, message.modules);
    } else {
      events.loadFailed(this, OcrHubError.from(message.error));
      this.kill();
    }
  }

  #finish({ id, outcome, rss }: DoneMessage, events: ProcessEvents): void {
    this.rss = rss;
    this.task = undefined;
    if (this.state === 'busy') this.state = 'idle';
    if ('error' in outcome) this.failed++;
    else this.served++;
    events.done(this, id, 'error' in outcome ? OcrHubError.from(outcome.error) : outcome);
  }

  #end(end: string, events: ProcessEvents): void {
    if (this.#gone) return;
    this.#gone = true;
    events.ended(this, end);
  }

  /** A process that has just died refuses messages; its end is reported by `exit`. */
  #send(message: LoadMessage | TaskMessage): void {
    this.#child.send(message, () => undefined);
  }
}
