import { unwatchFile, watchFile } from 'node:fs';
import { OcrHubError } from '../errors/error.js';
import type { ServerLog } from './log.js';

/** How often the files are looked at. Watching by events misses files that are replaced through a link, as Kubernetes does. */
const intervalMs = 1000;

/**
 * What a server makes of files, such as tokens. It is made again when a file changes. If that fails, the log says why, and what
 * was made before stays in use: a file that is missing for a moment does not open a server.
 */
export class FollowedFiles<T> {
  readonly #files: readonly string[];
  readonly #read: () => Promise<T>;
  readonly #onChange: (value: T) => void;
  readonly #log: ServerLog;
  #value: T;
  #last: Promise<void> = Promise.resolve();

  /** @throws the error of `read` */
  static async open<T>(
    files: readonly string[],
    read: () => Promise<T>,
    { log, onChange = () => undefined }: FollowOptions<T>,
  ): Promise<FollowedFiles<T>> {
    return new FollowedFiles(files, read, await read(), { log, onChange });
  }

  private constructor(
    files: readonly string[],
    read: () => Promise<T>,
    value: T,
    { log, onChange }: Required<FollowOptions<T>>,
  ) {
    this.#files = files;
    this.#read = read;
    this.#value = value;
    this.#onChange = onChange;
    this.#log = log;
    for (const file of files) watchFile(file, { interval: intervalMs, persistent: false }, this.#follow);
  }

  get value(): T {
    return this.#value;
  }

  /** Reads the files now. @throws the error of `read`; the former value stays in use then */
  refresh(): Promise<void> {
    // One after the other: a slow reading of the former content must not come last.
    const refreshed = this.#last.then(async () => {
      this.#value = await this.#read();
      this.#onChange(this.#value);
    });
    this.#last = refreshed.catch(() => undefined);
    return refreshed;
  }

  close(): void {
    for (const file of this.#files) unwatchFile(file, this.#follow);
  }

  readonly #follow = (): void => {
    this.refresh().then(
      () => this.#log.info({ files: this.#files }, 'changed files are in use'),
      (error: unknown) => {
        this.#log.warn({ problem: OcrHubError.of(error).message }, 'changed files are not used');
      },
    );
  };
}

export interface FollowOptions<T> {
  readonly log: ServerLog;
  readonly onChange?: (value: T) => void;
}
