import { randomUUID } from 'node:crypto';
import { OcrHubError } from '../errors/error.js';
import type { Bucket } from './bucket.js';

/**
 * Some stores answer a conditional write with success and ignore the condition. Leases in them would have several holders, and
 * of several planners each would win.
 *
 * @throws OcrHubError `conditions_ignored`
 */
export async function requireConditions(name: string, bucket: Bucket): Promise<void> {
  const key = `probe-${randomUUID()}`;
  try {
    const first = await bucket.put(key, 'first', 'new');
    const second = await bucket.put(key, 'second', 'new');
    const third = await bucket.put(key, 'third', { tag: '"00000000000000000000000000000000"' });
    if (first === undefined || second !== undefined || third !== undefined) {
      throw new OcrHubError('conditions_ignored', { store: name });
    }
  } finally {
    await bucket.delete(key);
  }
}
