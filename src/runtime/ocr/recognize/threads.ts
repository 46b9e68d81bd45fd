import { Worker } from 'node:worker_threads';
import { OcrHubError, type SerializedError } from '../../errors/error.js';
import { entryFile } from '../../package.js';
import type { ReadLine, ReaderSpec } from './line-reader.js';
import { inSharedMemory, type BatchQueue } from './batch-queue.js';

/* The messages to a thread and its answers. */

export type ToThread =
  | { readonly type: 'open'; readonly id: number; readonly reader: number; readonly spec: ReaderSpec }
  | { readonly type: 'close'; readonly id: number; readonly reader: number }
  | { readonly type: 'read'; readonly id: number; readonly reader: number; readonly queue: BatchQueue };

export interface FromThread {
  readonly id: number;
  readonly texts: readonly [line: number, text: ReadLine][];
  readonly error?: SerializedError | Error;
}

/** A reader opened on other threads of this process. All recognizers share the threads. */
export class ReadingThreads {
  readonly #reader = nextReader++;
  readonly #threads: ReadingThread[] = [];
  readonly #joining: Promise<unknown>;

  /**
   * The constructor does not wait for the threads: each joins when it has opened its reader. Until then fewer threads
   * read, with the same results. A thread that cannot open its reader (out of memory, for example) is left out, with a
   * warning on stderr.
   */
  constructor(spec: ReaderSpec, count: number) {
    while (running.length < count) running.push(new ReadingThread());
    this.#joining = Promise.all(running.slice(0, count).map((thread) => this.#join(thread, spec)));
    const joined = this.#joining.finally(() => joining.delete(joined));
    joining.add(joined);
  }

  /** Number of threads that have joined. */
  get size(): number {
    return this.#threads.length;
  }

  /** Resolves when all threads have joined or been left out. */
  async ready(): Promise<void> {
    await this.#joining;
  }

  /** Closes the reader on all threads. */
  async close(): Promise<void> {
    await this.#joining;
    const threads = this.#threads.splice(0);
    await Promise.all(threads.map((thread) => thread.ask({ type: 'close', reader: this.#reader })));
  }

  async #join(thread: ReadingThread, spec: ReaderSpec): Promise<void> {
    try {
      await thread.ask({ type: 'open', reader: this.#reader, spec });
      this.#threads.push(thread);
    } catch (error) {
      process.emitWarning(`a reading thread stays out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Lets the threads read what is left in the queue; it may be nothing. */
  async read(queue: BatchQueue): Promise<(readonly [line: number, text: ReadLine])[]> {
    // The calling thread reads at least one batch.
    const helpers = this.#threads.slice(0, Math.max(0, queue.batches.length - 1));
    if (helpers.length === 0) return [];
    const visible = inSharedMemory(queue);
    const read = helpers.map((thread) => thread.ask({ type: 'read', reader: this.#reader, queue: visible }));
    return (await Promise.all(read)).flat();
  }
}

/** Resolves when the threads of all recognizers of this process have joined. */
export async function threadsJoined(): Promise<void> {
  await Promise.all(joining);
}

const running: ReadingThread[] = [];
const joining = new Set<Promise<unknown>>();
let nextReader = 0;

type Request = ToThread extends infer Message ? (Message extends ToThread ? Omit<Message, 'id'> : never) : never;

interface Waiting {
  readonly resolve: (texts: FromThread['texts']) => void;
  readonly reject: (error: Error) => void;
}

class ReadingThread {
  // Options of the process, such as --inspect or --input-type, do not apply to its threads.
  readonly #worker = new Worker(entryFile('ocr/recognize/thread-main.js'), {
    execArgv: [],
    name: 'ocrhub reading',
  });
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;

  constructor() {
    // An idle thread does not keep the process alive.
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => this.#receive(message));
    // A thread ends only because of a bug or for lack of memory. The process ends with it, and the server restarts it.
    const end = (error: Error): never => {
      throw error;
    };
    this.#worker.on('error', end);
    this.#worker.on('messageerror', end);
    this.#worker.on('exit', (code) => end(new Error(`a reading thread ended with ${code}`)));
  }

  ask(request: Request): Promise<FromThread['texts']> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ ...request, id });
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
    });
  }

  #receive({ id, texts, error }: FromThread): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (error === undefined) waiting?.resolve(texts);
    else waiting?.reject(error instanceof Error ? error : OcrHubError.from(error));
  }
}
