import { pagesOfUnit, unitsOf } from '../plan/units.js';
import { Results } from './results.js';
import type { Run } from '../plan/run.js';
import type { Store } from '../store/store.js';

export interface BatchStatus {
  readonly input: string;
  readonly module: string;
  readonly created: string;
  readonly pages: number;
  /** Pages that have a result, a text or an error. */
  readonly done: number;
  readonly failed: number;
  /** Failed pages by the code of their error. */
  readonly errors: Readonly<Record<string, number>>;
  readonly units: number;
  readonly unitsDone: number;
  /** Units that a worker holds, or held when it was killed. */
  readonly unitsHeld: number;
  readonly finished: boolean;
}

/** How far a run is. Reads the names of the results, and the results with errors in them. */
export async function statusOf(store: Store, run: Run): Promise<BatchStatus> {
  const results = new Results(store);
  const units = unitsOf(run);
  const [done, held, failed] = await Promise.all([results.done(), store.leases.held(), results.failed()]);
  const errors: Record<string, number> = {};
  for (const unit of failed) {
    for (const line of (await results.read(unit)) ?? [])
      if (line.status === 'error') errors[line.error.code] = (errors[line.error.code] ?? 0) + 1;
  }
  const { identity, created, pages } = run;
  return {
    input: identity.input,
    module: `${identity.module}==${identity.version}`,
    created,
    pages,
    done: [...done].reduce((sum, unit) => sum + pagesOfUnit(run, unit), 0),
    failed: Object.values(errors).reduce((sum, count) => sum + count, 0),
    errors,
    units,
    unitsDone: done.size,
    unitsHeld: [...held].filter((name) => !done.has(Number(name))).length,
    finished: done.size === units,
  };
}
