/** Hands the units of a run to workers, each unit to one worker at a time. */
export interface Claims {
  /**
   * The next unit to read. Waits while other workers have all units that are left. Undefined when each unit has a result.
   *
   * @throws the reason of `signal` when it is aborted
   */
  next(signal: AbortSignal): Promise<Claim | undefined>;
}

/** The right to read a unit. */
export interface Claim {
  readonly unit: number;
  /** How many workers were lost while they had this unit. */
  readonly losses: number;
  /** Aborted when another worker has the unit: this one was not heard of for too long. */
  readonly lost: AbortSignal;
  /** Gives the unit up: it has a result, or another worker may take it. */
  release(): Promise<void>;
}
