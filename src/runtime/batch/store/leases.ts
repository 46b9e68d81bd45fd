/** Rights to work on something alone, for a time. A lease that its owner does not renew can be taken over. */
export interface Leases {
  /**
   * Takes a lease that nobody holds, or one that was not renewed for `leaseMs`. Undefined if another worker holds it. Ages
   * are told by the clock of the store alone, so that the clocks of the machines need not agree.
   */
  take(name: string): Promise<Lease | undefined>;
  /** The names that somebody holds or has held without releasing them. */
  held(): Promise<ReadonlySet<string>>;
}

export interface Lease {
  /** How often this lease was taken over from a worker that no longer renewed it. */
  readonly losses: number;
  /** Call it at least every third of `leaseMs`. False if another worker has taken the lease over. */
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

/** Milliseconds without a renewal after which a lease can be taken over. Longer than any pause of a process that only waits. */
export const leaseMs = 60_000;
