import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';

export interface FolderEvents {
  changed(): void;
  /** The system stopped watching: it limits how much can be watched. */
  failed(error: Error): void;
}

/**
 * Watches a folder and everything below it except node_modules. The system follows the folder itself, not its name: when
 * another folder takes that name (a copy, a checkout), or when it was gone for a moment, the system reports nothing, and
 * `renew` has to be called.
 */
export class WatchedFolder {
  readonly #folder: string;
  readonly #events: FolderEvents;
  #watchers: FSWatcher[] = [];
  /** The folder that had this name when watching began; undefined when there was none. */
  #inode: number | undefined;

  constructor(folder: string, events: FolderEvents) {
    this.#folder = folder;
    this.#events = events;
    this.renew();
  }

  /** Watches the folder that has this name now, and those in it now. */
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

  /** Whether another folder now has the name of the watched one. */
  get isReplaced(): boolean {
    const current = this.#current();
    return current !== undefined && current !== this.#inode;
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  /**
   * On Linux, Node's own `recursive` would watch each file separately: thousands in packages, and it would lose a file
   * once an editor replaces it with a new one. A watched folder reports every change to the files in it.
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
      // It was removed meanwhile, which the folder above reports.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #current(): number | undefined {
    return statSync(this.#folder, { throwIfNoEntry: false })?.ino;
  }
}

const packages = 'node_modules';
