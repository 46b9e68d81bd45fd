import { mkdtemp, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Identity } from '../../../src/runtime/batch/plan/identity.js';
import type { PageFile, Reader } from '../../../src/runtime/batch/work/reader.js';
import type { WorkEvents } from '../../../src/runtime/batch/work/work-events.js';
import type { AnsweredPage } from '../../../src/runtime/service/contract.js';

export function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'ocrhub-batch-'));
}

/** Files that a stub reader takes for pictures: `p000.png` holds `0`. */
export async function writePictures(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) await writeFile(path.join(folder, `p${String(i).padStart(4, '0')}.png`), String(i));
}

export const identity: Identity = {
  input: 'in',
  module: 'stub',
  version: '1.0.0',
  hash: 'abc',
  set: {},
  fields: {},
  reading: {},
  maxPixels: 64_000_000,
  ocrhub: '0.0.0',
};

/** Answers each page with the text of its file. */
export class StubReader implements Reader {
  readonly parallel: number = 4;
  readonly asked: string[] = [];
  readonly #before: (file: PageFile, pages: readonly number[]) => Promise<void> | void;

  constructor(before: (file: PageFile, pages: readonly number[]) => Promise<void> | void = () => undefined) {
    this.#before = before;
  }

  async read(file: PageFile, pages: readonly number[]): Promise<readonly AnsweredPage[]> {
    this.asked.push(...pages.map((page) => `${file.name}#${page}`));
    await this.#before(file, pages);
    const entry = JSON.stringify(Buffer.from(file.bytes).toString());
    return pages.map((number) => ({ number, width: 8, height: 8, entry }));
  }
}

export const noEvents: WorkEvents = {
  pageDone: () => undefined,
  unitDone: () => undefined,
  unitLost: () => undefined,
  sourceAway: () => undefined,
  sourceBack: () => undefined,
};
