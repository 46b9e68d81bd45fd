import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';

export interface FolderEvents {
  changed(): void;
  /** The system watches no further; it bounds how much is watched. */
  failed(error: Error): void;
}

/**
 * A folder and all below it but its packages, by its name. The system watches what bore the name when it was asked: of
 * a folder that takes the place of another one (a copy, a checkout), or that was away for a moment, it tells nothing.
 */
export class WatchedFolder {
  readonly #folder: string;
  readonly #events: FolderEvents;
  #watchers: FSWatcher[] = [];
  /** Which folder bore the name when it was watched last; undefined where none did. */
  #inode: number | undefined;

  constructor(folder: string, events: FolderEvents) {
    this.#folder = folder;
    this.#events = events;
    this.renew();
  }

  /** Watches what bears the name now, and the folders that are in it now. */
  renew(): void {
    this.close();
    this.#inode = this.#current();
    if (this.#inode === undefined) return;
    try {
      this.#watch(this.#folder);
    } catch (error) {
      this.#events.failed(error as Error);
    }
  }

  /** Whether another folder bears the name than the one that is watched. */
  get isReplaced(): boolean {
    const current = this.#current();
    return current !== undefined && current !== this.#inode;
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  /**
   * Node's own `recursive` would watch each file by itself, on Linux: thousands in packages, and none of them any more
   * once an editor has put a new file in its place. A folder tells of all that is in it.
   */
  #watch(folder: string): void {
    try {
      const watcher = watch(folder, (_event, file) => {
        if (file !== packages) this.#events.changed();
      });
      watcher.on('error', (error) => this.#events.failed(error));
      this.#watchers.push(watcher);
      for (const entry of readdirSync(folder, { withFileTypes: true }))
        if (entry.isDirectory() && entry.name !== packages) this.#watch(path.join(folder, entry.name));
    } catch (error) {
      // It was removed meanwhile, which the folder above tells.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #current(): number | undefined {
    return statSync(this.#folder, { throwIfNoEntry: false })?.ino;
  }
}

const packages = 'node_modules';
