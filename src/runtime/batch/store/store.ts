import type { Leases } from './leases.js';

/** Where a run keeps its plan, its leases and its results: a folder or a bucket. Keys are paths with slashes. */
export interface Store {
  /** As messages show it. */
  readonly name: string;
  readonly leases: Leases;
  /** Undefined if there is no such object. */
  read(key: string): Promise<Buffer | undefined>;
  /** Writes an object as a whole, in place of one with the same key. */
  write(key: string, content: string): Promise<void>;
  /** Writes an object as a whole. False, with nothing written, if the key exists: of several callers one gets true. */
  create(key: string, content: string): Promise<boolean>;
  /** An object that does not exist counts as removed. */
  remove(key: string): Promise<void>;
  /** The sorted names of the objects in a folder, without those in folders below. Empty if there are none. */
  list(folder: string): Promise<string[]>;
}

/** Says what is read, and how. A store with it has a run. */
export const runFile = 'run.json';
