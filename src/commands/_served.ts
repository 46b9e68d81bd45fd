import type { ServedCopy } from '../runtime/servers/copies/served-copies.js';
import { listStates } from '../runtime/servers/state/state-file.js';
import type { Home } from '../runtime/config/home.js';

/** What running servers serve. Without a server there is nobody to ask, and nothing to load for it. */
export async function servedCopies(home: Home): Promise<ServedCopy[]> {
  if ((await listStates(home)).length === 0) return [];
  const { listServedCopies } = await import('../runtime/servers/copies/served-copies.js');
  return listServedCopies(home);
}
