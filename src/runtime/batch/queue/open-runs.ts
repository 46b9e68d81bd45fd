import path from 'node:path';
import { OcrHubError } from '../../errors/error.js';
import { openSource, openStore } from '../places.js';
import { Plan } from '../plan/plan.js';
import { findRun, type Run } from '../plan/run.js';
import { isBucketUrl } from '../../bucket/url.js';
import { Results } from '../results/results.js';
import type { Source } from '../source/source.js';
import { PatientStore, type OutageEvents } from '../store/patient-store.js';
import type { Store } from '../store/store.js';

/** A run as a worker reads it. */
export interface OpenRun {
  readonly run: Run;
  readonly plan: Plan;
  readonly results: Results;
  readonly source: Source;
}

/** Runs that are open at once. A queue serves them one after the other, so that few have units in work. */
const maxOpen = 8;

/** The runs of which a worker was given units. */
export class OpenRuns {
  readonly #events: OutageEvents;
  readonly #signal: AbortSignal;
  readonly #stores = new Map<string, Promise<Store>>();
  readonly #runs = new Map<string, OpenRun>();

  constructor(events: OutageEvents, signal: AbortSignal) {
    this.#events = events;
    this.#signal = signal;
  }

  /**
   * Waits while the store is away.
   *
   * @throws OcrHubError `batch_missing`, `package_missing`, and the errors of a source that this machine does not see
   */
  async open(place: string): Promise<OpenRun> {
    const store = await this.#store(place);
    // Read each time: the folder may have another run by now.
    const run = await findRun(store);
    if (run === undefined) throw new OcrHubError('batch_missing', { out: place });
    const known = this.#runs.get(place);
    if (known?.run.plan === run.plan) return known;
    const source = await openSource(inputOf(run), place);
    const opened = { run, plan: new Plan(store, run), results: new Results(store), source };
    this.#runs.set(place, opened);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > maxOpen && oldest !== undefined) this.#runs.delete(oldest);
    return opened;
  }

  #store(place: string): Promise<Store> {
    const known = this.#stores.get(place);
    if (known !== undefined) return known;
    const opening = openStore(place).then((store) => new PatientStore(store, this.#events, this.#signal));
    this.#stores.set(place, opening);
    return opening;
  }
}

/** The planner may have been given a relative path, and this process has another working directory. */
function inputOf({ identity: { input }, startedIn }: Run): string {
  return isBucketUrl(input) || startedIn === undefined ? input : path.resolve(startedIn, input);
}
