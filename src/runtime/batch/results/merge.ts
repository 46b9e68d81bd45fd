import type { FailedLine, ReadLine, ResultLine } from './result-line.js';
import { Plan } from '../plan/plan.js';
import { unitsOf } from '../plan/units.js';
import { Results } from './results.js';
import type { Run } from '../plan/run.js';
import type { Store } from '../store/store.js';

/** All lines of a run in the order of its plan. Units without a result are left out; `missing` is called with them. */
export async function* linesOf(
  store: Store,
  run: Run,
  missing: (unit: number) => void = () => undefined,
): AsyncGenerator<ResultLine, void> {
  const results = new Results(store);
  for (let unit = 0; unit < unitsOf(run); unit++) {
    const lines = await results.read(unit);
    if (lines === undefined) missing(unit);
    else yield* lines;
  }
}

/** The pages of one file. */
export interface MergedFile {
  readonly src: string;
  readonly stamp: string;
  readonly pages: readonly ReadLine[];
  readonly failed: readonly FailedLine[];
}

/**
 * The files of a run with their pages, in the order of the plan. A file whose pages are not all there yet is left out;
 * `missing` is called with the number of its pages.
 */
export async function* filesOf(
  store: Store,
  run: Run,
  missing: (pages: number) => void = () => undefined,
): AsyncGenerator<MergedFile, void> {
  const plan = new Plan(store, run);
  const results = new Results(store);
  let file: OpenFile | undefined;
  for (let unit = 0; unit < unitsOf(run); unit++) {
    const lines = await results.read(unit);
    for (const [i, { src, stamp }] of (await plan.unit(unit)).entries()) {
      if (file !== undefined && file.src !== src) {
        yield* finish(file, missing);
        file = undefined;
      }
      file ??= { src, stamp, pages: [], failed: [], count: 0 };
      file.count++;
      const line = lines?.[i];
      if (line?.status === 'ok') file.pages.push(line);
      else if (line !== undefined) file.failed.push(line);
    }
  }
  if (file !== undefined) yield* finish(file, missing);
}

interface OpenFile extends MergedFile {
  readonly pages: ReadLine[];
  readonly failed: FailedLine[];
  /** Pages of the plan. */
  count: number;
}

function* finish({ count, ...file }: OpenFile, missing: (pages: number) => void): Generator<MergedFile, void> {
  if (file.pages.length + file.failed.length === count) yield file;
  else missing(count);
}
