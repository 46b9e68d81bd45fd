import { statSync, watch, type FSWatcher } from 'node:fs';

export interface FolderEvents {
  /** `file` is relative to the folder, where the system names it. */
  changed(file: string | null): void;
  /** The system watches no further; it bounds how many files are watched. */
  failed(error: Error): void;
}

/**
 * A folder and all below it, by its name. The system watches what bore the name when it was asked: of a folder that takes
 * the place of another one (a copy, a checkout), or that was away for a moment, it tells nothing.
 */
export class WatchedFolder {
  readonly #folder: string;
  readonly #events: FolderEvents;
  #watcher: FSWatcher | undefined;
  /** Which folder bore the name when it was watched last; undefined where none did. */
  #inode: number | undefined;

  constructor(folder: string, events: FolderEvents) {
    this.#folder = folder;
    this.#events = events;
    this.renew();
  }

  /** Watches what bears the name now. */
  renew(): void {
    this.close();
    this.#inode = this.#current();
    if (this.#inode === undefined) return;
    try {
      this.#watcher = watch(this.#folder, { recursive: true }, (_event, file) => this.#events.changed(file));
      this.#watcher.on('error', (error) => this.#events.failed(error));
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
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #current(): number | undefined {
    return statSync(this.#folder, { throwIfNoEntry: false })?.ino;
  }
}
