import type { ServedCopy } from '../runtime/serving/served-copies.js';
import { listStates } from '../runtime/serving/state.js';
import type { Home } from '../runtime/home.js';

/** What running servers serve. Without a server there is nobody to ask, and nothing to load for it. */
export async function servedCopies(home: Home): Promise<ServedCopy[]> {
  if ((await listStates(home)).length === 0) return [];
  const { listServedCopies } = await import('../runtime/serving/served-copies.js');
  return listServedCopies(home);
}
