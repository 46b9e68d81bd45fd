import { Results } from './results.js';
import type { Store } from '../store/store.js';

/** Opens the units with failed pages again, so that the next `batch` reads these pages, and no others, once more. */
export async function retryFailed(store: Store): Promise<{ readonly pages: number; readonly units: number }> {
  const results = new Results(store);
  let [pages, units] = [0, 0];
  for (const unit of await results.failed()) {
    const reopened = await results.reopen(unit);
    pages += reopened;
    if (reopened > 0) units++;
  }
  return { pages, units };
}
