/**
 * Keeps jobs, their results and uploaded files for a while. An item is a name and a few parts of bytes, which a folder, a
 * bucket or a database can hold. Several servers may share a store.
 */
export interface Store {
  /**
   * Adds an item with its parts, all or nothing.
   *
   * @returns its name, which cannot be guessed
   * @throws OcrHubError `jobs_full`, `jobs_unwritable`
   */
  add(kind: ItemKind, parts: Parts): Promise<string>;
  /**
   * Undefined if there is no such item, or no longer.
   *
   * @throws OcrHubError `jobs_unreadable`
   */
  state(id: string): Promise<ItemState | undefined>;
  /**
   * Undefined if there is no such part.
   *
   * @throws OcrHubError `jobs_unreadable`
   */
  read(id: string, part: string): Promise<Buffer | undefined>;
  /**
   * Writes a part of an item, all or nothing.
   *
   * @throws OcrHubError `jobs_unwritable`
   */
  write(id: string, part: string, bytes: Uint8Array): Promise<void>;
  /**
   * Writes a part that the item does not have yet, all or nothing. Of several servers one writes it.
   *
   * @returns whether it was written
   * @throws OcrHubError `jobs_unwritable`
   */
  writeNew(id: string, part: string, bytes: Uint8Array): Promise<boolean>;
  /** Removes parts that nobody needs any more. What cannot be removed stays. */
  drop(id: string, parts: readonly string[]): Promise<void>;
  /** @throws OcrHubError `jobs_unwritable` */
  remove(id: string): Promise<void>;
  /**
   * The names of all items of a kind.
   *
   * @throws OcrHubError `jobs_unreadable`
   */
  list(kind: ItemKind): Promise<string[]>;
  /**
   * The states of all items of a kind, as they are now.
   *
   * @throws OcrHubError `jobs_unreadable`
   */
  states(kind: ItemKind): Promise<ReadonlyMap<string, ItemState>>;
  /**
   * Takes a job for one worker, as long as the worker renews the claim. Undefined if another worker has it.
   *
   * @throws OcrHubError `jobs_unreadable`, `jobs_unwritable`
   */
  claim(id: string): Promise<Claim | undefined>;
  /** Removes what has expired, and what was left half-written. */
  sweep(): Promise<void>;
}

export type ItemKind = 'job' | 'file';

export type Parts = Readonly<Record<string, Uint8Array | string>>;

export interface ItemState {
  readonly createdAt: Date;
  /** When the part `outcomePart` was written. */
  readonly finishedAt: Date | undefined;
  /** How often the job was claimed, without the claims that were given back. */
  readonly claims: number;
  /** Whether a worker has it now. */
  readonly isClaimed: boolean;
}

export interface Claim {
  /**
   * Call more often than every `claimMs`.
   *
   * @returns false if the claim is gone: the job was removed
   * @throws OcrHubError `jobs_unreadable`, `jobs_unwritable`
   */
  renew(): Promise<boolean>;
  /**
   * Lets another worker take the job; the claim does not count.
   *
   * @throws OcrHubError `jobs_unwritable`
   */
  giveBack(): Promise<void>;
}

/** Every item has this part from the beginning. */
export const headPart = 'head.json';

/** An item with this part is finished. */
export const outcomePart = 'outcome.json';

/** A claim that is not renewed for so long is void: its worker was killed. */
export const claimMs = 15_000;
