import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';

export interface FolderEvents {
  changed(): void;
  /** The OS cannot watch any more; it limits the number of watched folders. */
  failed(error: Error): void;
}

const packagesFolder = 'node_modules';

/**
 * Watches a folder and everything below it except node_modules. The OS watches the folder, not its name: if another folder
 * takes the name (a copy, a checkout), or if the folder was gone for a moment, the OS reports nothing and the caller must
 * call `renew`.
 */
export class WatchedFolder {
  readonly #folder: string;
  readonly #events: FolderEvents;
  readonly #only: ReadonlySet<string> | undefined;
  #watchers: FSWatcher[] = [];
  /** The inode of the watched folder; undefined if the folder did not exist when watching began. */
  #inode: number | undefined;

  /** @param only names of files in the folder: nothing else in it, and nothing below it, is watched */
  constructor(folder: string, events: FolderEvents, only?: ReadonlySet<string>) {
    this.#folder = folder;
    this.#events = events;
    this.#only = only;
    this.renew();
  }

  /** Watches the folder that has this name now, with its current subfolders. */
  renew(): void {
    this.close();
    this.#inode = this.#currentInode();
    if (this.#inode === undefined) return;
    try {
      this.#watch(this.#folder);
    } catch (error) {
      this.#events.failed(error as Error);
    }
  }

  /** Whether another folder has taken the name of the watched one. */
  get isReplaced(): boolean {
    const current = this.#currentInode();
    return current !== undefined && current !== this.#inode;
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  /**
   * Watches each folder on its own, which reports changes to all files in it. On Linux Node's `recursive` would watch every
   * file, thousands in packages, and would lose a file that an editor replaces.
   */
  #watch(folder: string): void {
    try {
      const watcher = watch(folder, (_event, file) => {
        if (this.#only === undefined ? file !== packagesFolder : this.#only.has(file ?? '')) this.#events.changed();
      });
      watcher.on('error', (error) => this.#events.failed(error));
      this.#watchers.push(watcher);
      if (this.#only !== undefined) return;
      for (const entry of readdirSync(folder, { withFileTypes: true }))
        if (entry.isDirectory() && entry.name !== packagesFolder) this.#watch(path.join(folder, entry.name));
    } catch (error) {
      // The folder was removed meanwhile; the watcher of its parent reports that.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #currentInode(): number | undefined {
    return statSync(this.#folder, { throwIfNoEntry: false })?.ino;
  }
}
