import path from 'node:path';
import type { Outages } from '../../runtime/batch/metrics/outages.js';
import { pagesOfUnit } from '../../runtime/batch/plan/units.js';
import type { Run } from '../../runtime/batch/plan/run.js';
import type { FailedUnit } from '../../runtime/batch/queue/unit-queue.js';
import type { QueuePlace } from '../../runtime/broker/queue-place.js';
import { Results } from '../../runtime/batch/results/results.js';
import { isBucketUrl } from '../../runtime/bucket/url.js';
import type { Store } from '../../runtime/batch/store/store.js';
import type { BatchProgress } from './_progress.js';

interface QueuedOptions {
  readonly place: QueuePlace;
  /** Whether to return when all units are put in. */
  readonly isDetached: boolean;
  readonly progress: BatchProgress;
  readonly outages: Outages;
  readonly signal: AbortSignal;
}

/**
 * Puts the units of a run into a queue, and shows what workers make of them.
 *
 * @returns the units that workers gave up
 * @throws OcrHubError `package_missing`
 */
export async function readWithQueue(
  store: Store,
  run: Run,
  { place, isDetached, progress, outages, signal }: QueuedOptions,
): Promise<readonly FailedUnit[]> {
  // Loaded only here: few runs have a queue.
  const { Broker, BrokerWatch, follow, putMissing, UnitQueue } = await import('../../runtime/batch/queue/index.js');
  const queue = new UnitQueue(await Broker.load(place));
  const watch = new BrokerWatch(queue, outages);
  progress.watchQueue(watch);
  const results = new Results(store);
  const queued = { place: placeOf(store), run, results, queue };
  const errors = new ErrorsByCode(results);
  try {
    const put = await untilAborted(putMissing(queued), signal);
    if (put === undefined) return [];
    progress.unitsPut(put);
    if (isDetached) return [];
    const unitsDone = async (done: ReadonlySet<number>): Promise<void> => {
      const pages = [...done].reduce((sum, unit) => sum + pagesOfUnit(run, unit), 0);
      progress.follow({ pages, units: done.size }, await errors.of(done));
    };
    return await follow(queued, { unitsPut: (units) => progress.unitsPut(units), unitsDone }, signal);
  } finally {
    watch.close();
    // A broker that is away does not say goodbye.
    await Promise.race([queue.close().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 1000))]);
  }
}

/** Workers open the store from other working directories. */
function placeOf({ name }: Store): string {
  return isBucketUrl(name) ? name : path.resolve(name);
}

/** The broker may be away for as long as it likes. Undefined when the signal is aborted. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    work.then(resolve, reject);
  });
}

/** The errors of a run by their code. Each result with errors is read once. */
class ErrorsByCode {
  readonly #results: Results;
  readonly #units = new Map<number, readonly string[]>();

  constructor(results: Results) {
    this.#results = results;
  }

  async of(done: ReadonlySet<number>): Promise<ReadonlyMap<string, number>> {
    for (const unit of await this.#results.failed()) {
      if (this.#units.has(unit)) continue;
      const lines = (await this.#results.read(unit)) ?? [];
      this.#units.set(
        unit,
        lines.flatMap((line) => (line.status === 'error' ? [line.error.code] : [])),
      );
    }
    const counts = new Map<string, number>();
    for (const [unit, codes] of this.#units)
      if (done.has(unit)) for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
    return counts;
  }
}
