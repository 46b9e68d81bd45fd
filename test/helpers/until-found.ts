import { setTimeout as sleep } from 'node:timers/promises';

/** Calls `find` until it returns a value. The limit of the test ends a search that never succeeds. */
export async function untilFound<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await sleep(20);
  }
}
