import { Worker } from 'node:worker_threads';
import { OcrHubError, type SerializedError } from '../../errors/error.js';
import { entryFile } from '../../package.js';
import type { ReadLine, ReaderSpec } from './line-reader.js';
import { inSharedMemory, type SharedLines } from './batch-queue.js';

/* What a thread is told and answers. */

export type ToThread =
  | { readonly type: 'open'; readonly id: number; readonly reader: number; readonly spec: ReaderSpec }
  | { readonly type: 'read'; readonly id: number; readonly reader: number; readonly shared: SharedLines };

export interface FromThread {
  readonly id: number;
  readonly texts: readonly [line: number, text: ReadLine][];
  readonly error?: SerializedError | Error;
}

/** A reader that is open on some other threads of this process, which all recognisers share. */
export class ReadingThreads {
  readonly #reader = nextReader++;
  readonly #threads: ReadingThread[] = [];

  /**
   * Nobody waits for the threads: each joins when it has opened its reader. Before that fewer read, which read the
   * same. One that cannot open its reader, for want of memory say, is left out, with a warning on stderr.
   */
  constructor(spec: ReaderSpec, count: number) {
    while (running.length < count) running.push(new ReadingThread());
    for (const thread of running.slice(0, count)) {
      const joined = this.#join(thread, spec).finally(() => joining.delete(joined));
      joining.add(joined);
      joined.catch((error: unknown) => {
        process.emitWarning(`a reading thread stays out: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  }

  async #join(thread: ReadingThread, spec: ReaderSpec): Promise<void> {
    await thread.ask({ type: 'open', reader: this.#reader, spec });
    this.#threads.push(thread);
  }

  /** Has the threads read what is not taken yet; they may find nothing left. */
  async read(shared: SharedLines): Promise<(readonly [line: number, text: ReadLine])[]> {
    // One batch is read by the thread that asks.
    const helpers = this.#threads.slice(0, Math.max(0, shared.batches.length - 1));
    if (helpers.length === 0) return [];
    const visible = inSharedMemory(shared);
    const read = helpers.map((thread) => thread.ask({ type: 'read', reader: this.#reader, shared: visible }));
    return (await Promise.all(read)).flat();
  }
}

/** Resolves when all threads of this process have joined. */
export async function threadsJoined(): Promise<void> {
  await Promise.all(joining);
}

const running: ReadingThread[] = [];
const joining = new Set<Promise<void>>();
let nextReader = 0;

type Question = ToThread extends infer Message ? (Message extends ToThread ? Omit<Message, 'id'> : never) : never;

interface Waiting {
  readonly resolve: (texts: FromThread['texts']) => void;
  readonly reject: (error: Error) => void;
}

class ReadingThread {
  // Options of the process, such as --inspect or --input-type, are not for its threads.
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
    // A thread that ends has a bug or no memory; the process ends with it, and whoever started that starts another.
    const end = (error: Error): never => {
      throw error;
    };
    this.#worker.on('error', end);
    this.#worker.on('messageerror', end);
    this.#worker.on('exit', (code) => end(new Error(`a reading thread ended with ${code}`)));
  }

  ask(question: Question): Promise<FromThread['texts']> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ ...question, id });
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
