import { randomUUID } from 'node:crypto';
import { access, link, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../../errors/error.js';
import { toFileError } from '../../files/to-file-error.js';
import { readRegularBytes } from '../../files/read-regular.js';
import { makeFolder } from '../../files/make-folder.js';
import { toUnwritable } from '../../files/unwritable.js';
import { writeFileAtomic } from '../../files/write-atomic.js';
import { FolderLeases } from './folder-leases.js';
import type { Leases } from './leases.js';
import { runFile, type Store } from './store.js';

/** A store in a folder, which several machines may share. Every file in it is whole: it is written aside and then named. */
export class FolderStore implements Store {
  readonly name: string;
  readonly leases: Leases;
  readonly #folder: string;
  /** Whether the run was seen. Then a folder without it is a share that is away. */
  #hasRun = false;

  /** @param leaseMs see `Leases.take` */
  constructor(folder: string, leaseMs?: number) {
    this.name = folder;
    this.#folder = path.resolve(folder);
    this.leases = new FolderLeases(path.join(this.#folder, 'leases'), () => this.#requireRun(), leaseMs);
  }

  async read(key: string): Promise<Buffer | undefined> {
    try {
      const content = await readRegularBytes(this.#pathOf(key));
      if (key === runFile) this.#hasRun = true;
      return content;
    } catch (error) {
      if (!isMissing(error)) throw toFileError(this.#pathOf(key), error);
      if (key !== runFile) await this.#requireRun();
      return undefined;
    }
  }

  async write(key: string, content: string): Promise<void> {
    const file = this.#pathOf(key);
    await this.#requireRun();
    await this.#writing(async () => {
      await makeFolder(path.dirname(file));
      await writeFileAtomic(file, content);
    });
  }

  async create(key: string, content: string): Promise<boolean> {
    const isMade = await this.#writing(() => this.#create(key, content));
    if (key === runFile) this.#hasRun = true;
    return isMade;
  }

  async remove(key: string): Promise<void> {
    await this.#writing(() => rm(this.#pathOf(key), { force: true }));
  }

  async list(folder: string): Promise<string[]> {
    try {
      const entries = await readdir(this.#pathOf(folder), { withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .sort();
    } catch (error) {
      if (!isMissing(error)) throw toFileError(this.#pathOf(folder), error);
      await this.#requireRun();
      return [];
    }
  }

  async #create(key: string, content: string): Promise<boolean> {
    const file = this.#pathOf(key);
    const aside = `${file}.${randomUUID()}`;
    await makeFolder(path.dirname(file));
    try {
      await writeFileAtomic(aside, content);
      // The file gets its name when it is whole, and a name that exists is not taken.
      await link(aside, file);
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      if (!hasNoLinks(error)) throw error;
      return await createInPlace(file, content);
    } finally {
      // What is left of it does no harm.
      await rm(aside, { force: true }).catch(() => undefined);
    }
  }

  /** @throws OcrHubError `folder_unwritable` for a full or broken disk */
  async #writing<T>(write: () => Promise<T>): Promise<T> {
    return write().catch((error: unknown) => {
      throw toUnwritable(this.#folder, error);
    });
  }

  /**
   * A share that is away leaves an empty folder. Results that were written into it would be lost when the share is back.
   *
   * @throws OcrHubError `batch_gone`, `file_unreadable`
   */
  async #requireRun(): Promise<void> {
    if (!this.#hasRun) return;
    const file = this.#pathOf(runFile);
    await access(file).catch((error: unknown) => {
      if (!isMissing(error)) throw toFileError(file, error);
      throw new OcrHubError('batch_gone', { out: this.name, file }, { cause: error });
    });
  }

  #pathOf(key: string): string {
    return path.join(this.#folder, ...key.split('/'));
  }
}

/** For file systems without links, such as FAT. A process that is killed meanwhile leaves a file that is cut off. */
async function createInPlace(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function isTaken(error: unknown): boolean {
  return codeOf(error) === 'EEXIST';
}

function hasNoLinks(error: unknown): boolean {
  return (
    (error as NodeJS.ErrnoException).syscall === 'link' &&
    ['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')
  );
}
