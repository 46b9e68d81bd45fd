/**
 * Tells the servers of a store of jobs that wait. The store is the truth: a hint that is lost costs the time until the next search
 * of the store, and one that comes too late is dropped.
 */
export interface JobHints {
  /** Tells of a job that waits here, as another server may have room. Neither waits nor fails. */
  add(id: string): void;
  /** The next job that a server told of, taken from the others. Undefined after some seconds without one. Does not fail. */
  next(): Promise<string | undefined>;
  close(): Promise<void>;
}
