import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError, type ErrorCode } from '../../errors/error.js';
import type { AnsweredPage } from '../../service/contract.js';
import type { PageFile, Reader } from './reader.js';
import { groupByFile, type PageGroup, type Reference } from '../plan/reference.js';
import { failedLine, type ResultLine, type TriedLine } from '../results/result-line.js';
import type { Results } from '../results/results.js';
import type { Hold, Slots } from './slots.js';
import type { Source } from '../source/source.js';
import type { WorkEvents } from './work-events.js';

export interface UnitParts {
  readonly unit: number;
  readonly source: Source;
  readonly reader: Reader;
  readonly results: Results;
  readonly slots: Slots;
  readonly events: WorkEvents;
  /** Aborted when the unit is to be left as it is. */
  readonly signal: AbortSignal;
  /** Aborted when another worker has the unit. */
  readonly lost: AbortSignal;
  /** Called when no page of the unit waits to be read: there is room for the next unit. */
  readonly handedOut: () => void;
}

/** A page that so many workers did not survive becomes an error. */
const maxTries = 3;

/** What another process has to mend, and no page is to blame for. */
const passing: readonly ErrorCode[] = ['not_ready', 'queue_full', 'client_gone'];

const maxWaitMs = 30_000;

/**
 * Reads the pages of a unit that are not kept. The lines come in the order of the unit; when the signal is aborted, some lack.
 */
export async function readUnit(
  parts: UnitParts,
  references: readonly Reference[],
  kept: readonly (ResultLine | TriedLine)[],
): Promise<ResultLine[]> {
  const lines = new Map(kept.flatMap((line) => (line.status === 'trying' ? [] : [[line.id, line]])));
  const groups = groupByFile(references.filter(({ id }) => !lines.has(id)));
  let waiting = groups.length;
  const readOne = async (group: PageGroup, hold: Hold): Promise<void> => {
    if (--waiting === 0) parts.handedOut();
    for (const line of await readGroup(parts, group, hold)) {
      lines.set(line.id, line);
      parts.events.pageDone(line);
    }
  };
  await Promise.all(groups.map((group) => parts.slots.run(group.references.length, (hold) => readOne(group, hold))));
  return inOrder(references, lines);
}

/**
 * Reads a unit whose workers were lost: one page at a time, each noted before it is read. A page that is noted for the third time
 * becomes an error, and its neighbors are read.
 */
export async function readCarefully(
  parts: UnitParts,
  references: readonly Reference[],
  kept: readonly (ResultLine | TriedLine)[],
): Promise<ResultLine[]> {
  const tries = new Map(kept.flatMap((line) => (line.status === 'trying' ? [[line.id, line.tries]] : [])));
  const lines = new Map(kept.flatMap((line) => (line.status === 'trying' ? [] : [[line.id, line]])));
  let stopped: TriedLine | undefined;
  for (const reference of references.filter(({ id }) => !lines.has(id))) {
    if (parts.signal.aborted) break;
    const tried = (tries.get(reference.id) ?? 0) + 1;
    if (tried > maxTries) {
      const message = `${maxTries} workers ended while they read this page`;
      lines.set(reference.id, failedLine(reference, { code: 'process_died', message }));
      continue;
    }
    await parts.results.keep(parts.unit, [...lines.values(), { id: reference.id, status: 'trying', tries: tried }]);
    const group = { src: reference.src, references: [reference] };
    for (const line of await parts.slots.run(1, (hold) => readGroup(parts, group, hold))) {
      lines.set(line.id, line);
      parts.events.pageDone(line);
    }
    // A stop in order is no fault of the page.
    if (!lines.has(reference.id)) stopped = { id: reference.id, status: 'trying', tries: tried - 1 };
  }
  const read = inOrder(references, lines);
  if (read.length < references.length && !parts.lost.aborted) {
    await parts.results.keep(parts.unit, stopped === undefined || stopped.tries === 0 ? read : [...read, stopped]);
  }
  return read;
}

function inOrder(references: readonly Reference[], lines: ReadonlyMap<string, ResultLine>): ResultLine[] {
  return references.flatMap(({ id }) => lines.get(id) ?? []);
}

/** Empty when the signal is aborted. */
async function readGroup(parts: UnitParts, { src, references }: PageGroup, hold: Hold): Promise<ResultLine[]> {
  const file = await readFile(parts, src);
  if (file === undefined) return [];
  if (OcrHubError.is(file)) return references.map((reference) => failedLine(reference, file));
  hold(file.bytes.byteLength);
  const lines: ResultLine[] = [];
  const fresh = references.filter((reference) => {
    if (reference.stamp === file.stamp) return true;
    lines.push(failedLine(reference, new OcrHubError('file_changed', { file: src })));
    return false;
  });
  if (fresh.length > 0) lines.push(...(await readPages(parts, { name: src, bytes: file.bytes }, fresh)));
  return lines;
}

/** The error of a file that cannot be read; undefined when the signal is aborted. */
async function readFile(
  { source, events, signal }: UnitParts,
  src: string,
): Promise<{ readonly bytes: Uint8Array; readonly stamp: string } | OcrHubError | undefined> {
  for (let wait = 500; !signal.aborted; wait = Math.min(wait * 2, maxWaitMs)) {
    try {
      const file = await source.read(src);
      if (wait > 500) events.sourceBack(source.name);
      return file;
    } catch (error) {
      if (OcrHubError.is(error)) {
        if (wait > 500) events.sourceBack(source.name);
        return error;
      }
      events.sourceAway(source.name, (error as Error).message);
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** One request for all pages; if it fails, one for each, so that each page has its own error. */
async function readPages(parts: UnitParts, file: PageFile, references: readonly Reference[]): Promise<ResultLine[]> {
  const start = performance.now();
  const answer = await ask(parts, file, references);
  const ms = (performance.now() - start) / references.length;
  if (answer === undefined) return [];
  if (OcrHubError.is(answer)) {
    if (references.length === 1) return references.map((reference) => failedLine(reference, answer, ms));
    const lines: ResultLine[] = [];
    for (const reference of references) lines.push(...(await readPages(parts, file, [reference])));
    return lines;
  }
  return references.map((reference, i): ResultLine => {
    const page = answer[i];
    if (page?.number !== reference.page)
      return failedLine(reference, new OcrHubError('page_missing', { page: reference.page, pageCount: answer.length }));
    const { id, src, page: number } = reference;
    const { width, height, dpi, entry = 'null' } = page;
    const size = { width, height, ...(dpi === undefined ? {} : { dpi }) };
    return { id, src, page: number, status: 'ok', ...size, result: JSON.parse(entry) as unknown, ms: Math.round(ms) };
  });
}

async function ask(
  { reader, signal }: UnitParts,
  file: PageFile,
  references: readonly Reference[],
): Promise<readonly AnsweredPage[] | OcrHubError | undefined> {
  for (let wait = 500; !signal.aborted; wait = Math.min(wait * 2, maxWaitMs)) {
    try {
      return await reader.read(
        file,
        references.map(({ page }) => page),
        signal,
      );
    } catch (error) {
      if (!OcrHubError.is(error)) throw error;
      if (!passing.includes(error.code)) return error;
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}
