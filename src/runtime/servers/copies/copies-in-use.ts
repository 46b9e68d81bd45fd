import type { Home } from '../../config/home.js';
import { removeUnreferenced } from '../../registry/unreferenced.js';
import { listStates } from '../state/find.js';

/** Content hashes of the modules that servers of this home folder use. Counts servers that died and left a state file. */
export async function listHashesInUse(home: Home): Promise<ReadonlySet<string>> {
  return new Set((await listStates(home)).flatMap((state) => state.options.modules.map((module) => module.hash)));
}

/** Removes the copies of modules that neither an install nor a server uses. */
export async function removeUnusedCopies(home: Home): Promise<void> {
  await removeUnreferenced(home, await listHashesInUse(home));
}
