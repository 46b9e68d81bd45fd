import { OcrHubError } from '../errors/error.js';

export interface StoreLimits {
  /** An item is removed so long after it was added or finished. */
  readonly keepMs: number;
  readonly maxItems: number;
  /** Bytes of all items. */
  readonly maxBytes: number;
}

/** Finished items that are younger stay, even if the store is full: clients ask for a result for ten minutes. */
const minKeepMs = 10 * 60_000;

export interface MeasuredItem {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds; Infinity for a job that is not finished. */
  readonly doneAt: number;
}

/** So many items that cannot be removed are passed over: where none can be, each is a call that fails. */
const maxStuck = 10;

/**
 * Removes the oldest finished items so that an item of `bytes` fits. One that cannot be removed is passed over.
 *
 * @param room `now`: in milliseconds
 * @throws OcrHubError `jobs_full`; or the error of `remove`, if it failed
 */
export async function makeRoom(
  { items, bytes, limits, now }: { items: readonly MeasuredItem[]; bytes: number; limits: StoreLimits; now: number },
  remove: (name: string) => Promise<void>,
): Promise<void> {
  const [stuck, removed] = [new Set<string>(), new Set<string>()];
  let problem: Error | undefined;
  for (;;) {
    const left = items.filter(({ name }) => !removed.has(name));
    const movable = left.map((item) => (stuck.has(item.name) ? { ...item, doneAt: Infinity } : item));
    const before = stuck.size;
    let gone: string[];
    try {
      gone = giveWay(movable, bytes, limits, now);
    } catch (full) {
      throw problem ?? full;
    }
    for (const name of gone) {
      try {
        await remove(name);
        removed.add(name);
      } catch (error) {
        problem = error as Error;
        stuck.add(name);
        if (stuck.size >= maxStuck) throw error;
      }
    }
    if (stuck.size === before) return;
  }
}

/**
 * The oldest finished items that must go so that an item of `bytes` fits.
 *
 * @throws OcrHubError `jobs_full`
 */
function giveWay(
  items: readonly MeasuredItem[],
  bytes: number,
  { maxItems, maxBytes }: StoreLimits,
  now: number,
): string[] {
  let count = items.length;
  let total = items.reduce((sum, item) => sum + item.bytes, 0);
  const isFull = (): boolean => count + 1 > maxItems || total + bytes > maxBytes;
  const gone: string[] = [];
  const removable = items.filter(({ doneAt }) => doneAt < now - minKeepMs).sort((a, b) => a.doneAt - b.doneAt);
  for (const item of removable) {
    if (!isFull()) break;
    gone.push(item.name);
    count--;
    total -= item.bytes;
  }
  if (!isFull()) return gone;
  const isCount = count + 1 > maxItems;
  throw new OcrHubError('jobs_full', { limit: isCount ? maxItems : maxBytes, what: isCount ? 'items' : 'bytes' });
}
