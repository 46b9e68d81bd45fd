import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { ProcessTree } from '../lib/process-tree.js';

/** The first line of a worker, printed when its models are loaded. */
export interface Ready {
  readonly versions: Readonly<Record<string, string>>;
  /** The size rule of its detector, in words. */
  readonly detector: string;
}

/** Corners in pixels of the picture. */
export type Region = readonly (readonly [number, number])[];

export interface Reading {
  readonly texts: readonly string[];
  /** The box of each text; empty if the system does not tell. */
  readonly boxes: readonly Region[];
  /** User + system of the process and its children, from file bytes to JSON. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** The whole answer. */
  readonly answer: Readonly<Record<string, unknown>>;
}

/** A system under measurement, in a process that reads one picture after another. */
export class SystemProcess {
  readonly ready: Ready;
  readonly #child: Child;
  readonly #lines: Lines;
  readonly #tree: ProcessTree;

  private constructor(child: Child, lines: Lines, ready: Ready) {
    this.#child = child;
    this.#lines = lines;
    this.#tree = new ProcessTree(child.pid ?? 0);
    this.ready = ready;
  }

  /** @throws Error with the last line on stderr, if the process ends before it is ready */
  static async start(command: readonly string[]): Promise<SystemProcess> {
    const [program = '', ...args] = command;
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const lines = new Lines(child);
    const { ready } = (await lines.next()) as { ready?: Ready };
    if (ready === undefined) throw new Error(`${program} did not say that it is ready`);
    return new SystemProcess(child, lines, ready);
  }

  /** @throws Error if the picture was not read or the process has ended */
  async read(picture: string): Promise<Reading> {
    const cpu = this.#tree.cpuSeconds();
    const start = performance.now();
    this.#child.stdin.write(`${picture}\n`);
    const answer = await this.#lines.next();
    const wallSeconds = (performance.now() - start) / 1000;
    if (!Array.isArray(answer['texts'])) throw new Error(`${picture}: ${String(answer['error'])}`);
    const texts = answer['texts'] as string[];
    const boxes = (answer['boxes'] ?? []) as Region[];
    return { texts, boxes, cpuSeconds: this.#tree.cpuSeconds() - cpu, wallSeconds, answer };
  }

  peakBytes(): number {
    return this.#tree.peakBytes();
  }

  stop(): void {
    // The process has nothing to clean up.
    this.#child.kill('SIGKILL');
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** The JSON objects that a process prints, one a line. Other lines on stdout come from libraries and are ignored. */
class Lines {
  readonly #iterator: AsyncIterator<string, undefined>;
  #lastError = '';
  readonly #failed: Promise<never>;

  constructor(child: Child) {
    this.#iterator = createInterface({ input: child.stdout })[Symbol.asyncIterator]() as AsyncIterator<
      string,
      undefined
    >;
    createInterface({ input: child.stderr }).on('line', (line) => (this.#lastError = line.trim() || this.#lastError));
    this.#failed = new Promise((_, reject) => child.once('error', reject));
    // next() reports this error; without a caller of next() it must not be an unhandled rejection.
    this.#failed.catch(() => undefined);
    child.stdin.on('error', () => undefined);
  }

  async next(): Promise<Record<string, unknown>> {
    for (;;) {
      const { done, value } = await Promise.race([this.#iterator.next(), this.#failed]);
      if (done === true) throw new Error(this.#lastError || 'it ended without a word');
      if (value.startsWith('{')) return JSON.parse(value) as Record<string, unknown>;
    }
  }
}
