import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnsweredPage } from '../../src/runtime/service/contract.js';
import type { Identity } from '../../src/runtime/batch/plan/identity.js';
import type { ReadFile, Source, SourceFile } from '../../src/runtime/batch/source/source.js';
import type { PageFile, Reader } from '../../src/runtime/batch/work/reader.js';

/** As many files as asked for, which exist in no folder. */
export class StubSource implements Source {
  readonly name: string;
  readonly #count: number;

  constructor(count: number) {
    this.name = `stub:${count}`;
    this.#count = count;
  }

  async *list(): AsyncIterable<SourceFile> {
    for (let i = 0; i < this.#count; i++) yield await Promise.resolve(fileOf(i));
  }

  head(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  read(src: string): Promise<ReadFile> {
    return Promise.resolve({ bytes: Buffer.from(src), stamp: stamp });
  }
}

const stamp = '"0123456789abcdef0123456789abcdef"';

function fileOf(i: number): SourceFile {
  return { src: `2026/${String(Math.floor(i / 1000)).padStart(4, '0')}/scan-${String(i).padStart(7, '0')}.jpg`, stamp };
}

/** A receipt's worth of lines. */
const entry = JSON.stringify(
  Array.from({ length: 20 }, (_, i) => ({
    text: `line ${i} of a page that nobody has read`,
    confidence: 0.99,
    text_region: [
      [10, i * 30],
      [400, i * 30],
      [400, i * 30 + 24],
      [10, i * 30 + 24],
    ],
  })),
);

/** Answers each page with the same lines after a while. It computes nothing. */
export class StubReader implements Reader {
  readonly parallel: number;
  readonly #pageMs: number;
  readonly #poison: string | undefined;
  readonly #readLog: string | undefined;

  constructor({ parallel, pageMs, poison, readLog }: StubReaderParts) {
    this.parallel = parallel;
    this.#pageMs = pageMs;
    this.#poison = poison;
    this.#readLog = readLog;
  }

  async read({ name }: PageFile, pages: readonly number[]): Promise<readonly AnsweredPage[]> {
    if (name === this.#poison) process.kill(process.pid, 'SIGKILL');
    if (this.#pageMs > 0) await sleep(this.#pageMs * pages.length);
    if (this.#readLog !== undefined) appendFileSync(this.#readLog, `${name}\n`);
    return pages.map((number) => ({ number, width: 1000, height: 1400, entry }));
  }

  close(): void {
    // It has no processes.
  }
}

interface StubReaderParts {
  readonly parallel: number;
  readonly pageMs: number;
  /** The file that ends the process. */
  readonly poison?: string | undefined;
  /** Gets a line for each file that was read. */
  readonly readLog?: string | undefined;
}

export function stubIdentity(source: Source): Identity {
  return {
    input: source.name,
    module: 'stub',
    version: '1.0.0',
    hash: '0'.repeat(64),
    set: {},
    fields: {},
    reading: {},
    maxPixels: 64_000_000,
    ocrhub: 'bench',
  };
}
