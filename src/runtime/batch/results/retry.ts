import { Results } from './results.js';
import type { Store } from '../store/store.js';

/** Opens the units with failed pages again, so that the next `batch` reads these pages, and no others, once more. */
export async function retryFailed(store: Store): Promise<{ readonly pages: number; readonly units: number }> {
  const results = new Results(store);
  const units = await results.failed();
  let pages = 0;
  for (const unit of units) pages += await results.reopen(unit);
  return { pages, units: units.length };
}
