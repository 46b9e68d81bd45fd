import { randomUUID } from 'node:crypto';
import { OcrHubError } from '../../errors/error.js';
import { hashOf, type Identity } from './identity.js';
import { mayHavePages, pagesOf, type CountOptions } from './page-count.js';
import { toReference, type Reference } from './reference.js';
import { createRun, findRun, requireSame, type Run } from './run.js';
import type { Source } from '../source/source.js';
import type { Store } from '../store/store.js';
import { maxUnitPages, pagesOfUnit, unitPagesFor, unitPagesOf } from './units.js';

/** References of one object of the plan: a whole number of units of any size. */
const chunkPages = 128 * maxUnitPages;

export interface PlanEvents {
  planned(pages: number): void;
}

export interface PlanOptions {
  readonly counting: CountOptions;
  readonly events: PlanEvents;
  /** Ends the planning; what was written of the plan is removed. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The run of a store: the one that is there, if it was made in the same way, or a new one with a plan of all files. Of several
 * planners at once, one makes the run, and the others join it.
 *
 * @throws OcrHubError `batch_differs`, the errors of `Source.list`, and the reason of `signal`
 */
export async function planRun(
  store: Store,
  source: Source,
  identity: Identity,
  { counting, events, signal }: PlanOptions,
): Promise<Run> {
  const existing = await findRun(store);
  if (existing !== undefined) {
    requireSame(store, existing, identity);
    return existing;
  }
  const plan = `plan-${randomUUID()}`;
  const references = referencesOf(source, hashOf(identity), counting);
  const pages = await writePlan(store, plan, references, { events, signal }).catch(async (error: unknown) => {
    // A store that fails keeps what is there of the plan; no run names it.
    await removePlan(store, plan).catch(() => undefined);
    throw error;
  });
  const made: Run = {
    identity,
    plan,
    pages,
    unitPages: unitPagesFor(pages),
    created: new Date().toISOString(),
    startedIn: process.cwd(),
  };
  if (await createRun(store, made)) return made;
  // A bucket or a share may make the run, lose its answer and refuse the second try: then the run is this one.
  if ((await findRun(store))?.plan === plan) return made;
  await removePlan(store, plan);
  return planRun(store, source, identity, { counting, events, ...(signal === undefined ? {} : { signal }) });
}

async function removePlan(store: Store, plan: string): Promise<void> {
  for (const name of await store.list(plan)) await store.remove(`${plan}/${name}`);
}

/** Reads the plan of a run. Keeps the part that was read last: units are mostly taken in their order. */
export class Plan {
  readonly #store: Store;
  readonly #run: Run;
  #chunk: { readonly number: number; readonly lines: Promise<readonly string[]> } | undefined;

  constructor(store: Store, run: Run) {
    this.#store = store;
    this.#run = run;
  }

  /** @throws OcrHubError `batch_damaged` if a part of the plan is not there */
  async unit(unit: number): Promise<readonly Reference[]> {
    const size = unitPagesOf(this.#run);
    const first = unit * size;
    const number = Math.floor(first / chunkPages);
    if (this.#chunk?.number !== number) this.#chunk = { number, lines: this.#read(number) };
    const start = first % chunkPages;
    const lines = (await this.#chunk.lines).slice(start, start + size);
    if (lines.length !== pagesOfUnit(this.#run, unit)) throw this.#damaged(number);
    return lines.map((line) => JSON.parse(line) as Reference);
  }

  async #read(number: number): Promise<readonly string[]> {
    const content = await this.#store.read(`${this.#run.plan}/${nameOf(number)}`);
    if (content === undefined) throw this.#damaged(number);
    return content.toString().trimEnd().split('\n');
  }

  #damaged(number: number): OcrHubError {
    return new OcrHubError('batch_damaged', { file: `${this.#store.name}/${this.#run.plan}/${nameOf(number)}` });
  }
}

async function writePlan(
  store: Store,
  plan: string,
  references: AsyncIterable<Reference>,
  { events, signal }: Pick<PlanOptions, 'events' | 'signal'>,
): Promise<number> {
  let pages = 0;
  let lines: string[] = [];
  const flush = async (): Promise<void> => {
    if (lines.length === 0) return;
    await store.write(`${plan}/${nameOf(Math.floor((pages - 1) / chunkPages))}`, `${lines.join('\n')}\n`);
    lines = [];
  };
  for await (const reference of references) {
    signal?.throwIfAborted();
    lines.push(JSON.stringify(reference));
    pages++;
    if (pages % maxUnitPages === 0) events.planned(pages);
    if (lines.length === chunkPages) await flush();
  }
  await flush();
  events.planned(pages);
  return pages;
}

async function* referencesOf(source: Source, run: string, counting: CountOptions): AsyncIterable<Reference> {
  for await (const { src, stamp } of source.list()) {
    const pages = (await mayHavePages(source, src)) ? await pagesOf(source, src, counting) : [1];
    for (const page of pages) yield toReference(run, src, page, stamp);
  }
}

function nameOf(chunk: number): string {
  return `${String(chunk).padStart(6, '0')}.jsonl`;
}
