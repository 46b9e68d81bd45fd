import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inParallel, type ParallelOptions } from '../../../src/runtime/client/in-parallel.js';

/** Each item is the milliseconds that it takes. */
async function run(items: readonly number[], options: ParallelOptions): Promise<{ results: number[]; most: number }> {
  let running = 0;
  let most = 0;
  const results: number[] = [];
  const work = async (ms: number): Promise<number> => {
    most = Math.max(most, ++running);
    await wait(ms);
    running--;
    return ms;
  };
  for await (const result of inParallel(items, work, options)) results.push(result);
  return { results, most };
}

describe('inParallel', () => {
  it('returns ordered results in the order of the items', async () => {
    const { results, most } = await run([60, 1, 30, 2], { concurrency: 3, isOrdered: true });
    expect([results, most]).toEqual([[60, 1, 30, 2], 3]);
  });

  it('returns other results as they come', async () => {
    const { results, most } = await run([90, 1, 40], { concurrency: 3, isOrdered: false });
    expect([results, most]).toEqual([[1, 40, 90], 3]);
  });

  it.each([1, 2])('never works on more than %d items', async (concurrency) => {
    const { results, most } = await run([3, 2, 1, 4, 2], { concurrency, isOrdered: true });
    expect([results, most]).toEqual([[3, 2, 1, 4, 2], concurrency]);
  });

  it('returns nothing for no items', async () => {
    expect((await run([], { concurrency: 2, isOrdered: true })).results).toEqual([]);
  });
});
