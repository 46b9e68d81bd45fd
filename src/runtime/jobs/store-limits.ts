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

/**
 * The oldest finished items that must go so that an item of `bytes` fits.
 *
 * @throws OcrHubError `jobs_full`
 */
export function giveWay(
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
