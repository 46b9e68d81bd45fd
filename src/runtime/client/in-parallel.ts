export interface ParallelOptions {
  /** Maximum items in work. */
  readonly concurrency: number;
  /** Whether results come in the order of the items. If not, each comes when it is there. */
  readonly isOrdered: boolean;
}

/**
 * Works on several items at once. The next item starts when the caller has taken a result, so that results do not pile up.
 *
 * @param work never rejects
 */
export async function* inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  { concurrency, isOrdered }: ParallelOptions,
): AsyncGenerator<R> {
  const waiting = items.entries();
  const running = new Map<number, Promise<{ readonly index: number; readonly result: R }>>();
  const startNext = (): boolean => {
    const { value, done } = waiting.next();
    if (done === true) return false;
    const [index, item] = value;
    running.set(
      index,
      work(item).then((result) => ({ index, result })),
    );
    return true;
  };
  while (running.size < concurrency && startNext());
  while (running.size > 0) {
    const [oldest] = running.values();
    const { index, result } = await (isOrdered && oldest !== undefined ? oldest : Promise.race(running.values()));
    running.delete(index);
    yield result;
    startNext();
  }
}
