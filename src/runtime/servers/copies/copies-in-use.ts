import { removeUnreferenced } from '../../registry/unreferenced.js';
import type { Home } from '../../config/home.js';
import { listStates } from '../state/state-file.js';

/** Content hashes that servers run, or ran when they were last heard of. */
export async function listHashesInUse(home: Home): Promise<ReadonlySet<string>> {
  return new Set((await listStates(home)).flatMap((state) => state.options.modules.map((module) => module.hash)));
}

/** Removes the copies of modules that no install names and no server runs. */
export async function removeUnusedCopies(home: Home): Promise<void> {
  await removeUnreferenced(home, await listHashesInUse(home));
}
