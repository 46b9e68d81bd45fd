import { OcrHubError } from '../../errors/error.js';
import { check, z } from '../../values/check.js';
import { differenceOf, type Identity } from './identity.js';
import { runFile, type Store } from '../store/store.js';
import { unitSizes } from './units.js';

const identity = z.object({
  input: z.string(),
  module: z.string(),
  version: z.string(),
  hash: z.string(),
  set: z.record(z.string(), z.unknown()),
  fields: z.record(z.string(), z.unknown()),
  reading: z.record(z.string(), z.unknown()),
  maxPixels: z.number(),
  ocrhub: z.string(),
});

const run = z.object({
  identity,
  /** The folder with the plan. */
  plan: z.string().regex(/^plan-[0-9a-f-]+$/),
  pages: z.int().min(0),
  /** Pages of a unit; 32 in a run that does not say. Parts of the plan have whole units. */
  unitPages: z.literal(unitSizes).optional(),
  created: z.string(),
  /** The working directory of the planner: relative paths of the input and of parameters count from it. */
  startedIn: z.string().optional(),
});

/** A run as its `run.json` describes it: what is read, and how. It never changes. */
export type Run = Readonly<z.output<typeof run>>;

/**
 * The run in a store.
 *
 * @throws OcrHubError `batch_missing`, `value_invalid` for a file that is none of ours
 */
export async function openRun(store: Store): Promise<Run> {
  const found = await findRun(store);
  if (found === undefined) throw new OcrHubError('batch_missing', { out: store.name });
  return found;
}

/** Undefined if the store has no run. */
export async function findRun(store: Store): Promise<Run | undefined> {
  const content = await store.read(runFile);
  if (content === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(content.toString());
  } catch {
    // Without a word of its content: others may write into a shared folder, and lead this name elsewhere.
    throw new OcrHubError('file_not_json', {
      file: `${store.name}/${runFile}`,
      problem: 'it is cut off, or was edited',
    });
  }
  return check(run, value, `${store.name}/${runFile}`);
}

/** False if the store has a run. */
export function createRun(store: Store, content: Run): Promise<boolean> {
  return store.create(runFile, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** @throws OcrHubError `batch_differs`: the answers of one run must all be made in the same way */
export function requireSame(store: Store, { identity: was }: Run, is: Identity): void {
  const difference = differenceOf(was, is);
  if (difference !== undefined) throw new OcrHubError('batch_differs', { out: store.name, ...difference });
}
