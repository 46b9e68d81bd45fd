import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../files/make-folder.js';
import { processExists } from '../../process/exists.js';

/**
 * An incomplete file beside its final name: `NAME.<version>.<pid>-<random>.part` while a process writes it,
 * `NAME.<version>.part` otherwise. A download takes over the file of an ended process by renaming it, so that only one
 * download can succeed.
 */
export class PartialFile {
  readonly file: string;
  readonly #target: string;
  /** Identifies the content. A file of another version is not continued. */
  readonly version: string;

  private constructor(target: string, version: string) {
    this.#target = target;
    this.version = version;
    this.file = `${target}.${version}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
  }

  /** A new partial file; the first write creates it on disk. */
  static async create(target: string, version: string): Promise<PartialFile> {
    await makeFolder(path.dirname(target));
    return new PartialFile(target, version);
  }

  /** Takes over the partial file of an earlier download, if there is one. */
  static async claim(target: string): Promise<PartialFile | undefined> {
    for (const { file, version } of await abandoned(target)) {
      const partial = new PartialFile(target, version);
      try {
        await rename(file, partial.file);
        return partial;
      } catch (error) {
        // Another download took it over.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    return undefined;
  }

  async size(): Promise<number> {
    return (await stat(this.file).catch(() => undefined))?.size ?? 0;
  }

  /** Leaves the file to the next download. */
  async release(): Promise<void> {
    await rename(this.file, `${this.#target}.${this.version}.part`).catch(() => undefined);
  }

  async discard(): Promise<void> {
    await rm(this.file, { force: true });
  }
}

/** Matches the names of partial files. */
export const partialFilePattern = /\.part$/;

/** Removes the partial files of other downloads once the file is complete. */
export async function removePartials(target: string): Promise<void> {
  for (const { file } of await abandoned(target)) await rm(file, { force: true });
}

async function abandoned(target: string): Promise<{ file: string; version: string }[]> {
  const names = await readdir(path.dirname(target)).catch(() => []);
  const prefix = `${path.basename(target)}.`;
  return names.flatMap((name) => {
    const [, version = '', pid] = /^([0-9a-z]+)(?:\.(\d+)-[0-9a-f]+)?\.part$/.exec(name.slice(prefix.length)) ?? [];
    if (!name.startsWith(prefix) || version === '' || (pid !== undefined && processExists(Number(pid)))) return [];
    return [{ file: path.join(path.dirname(target), name), version }];
  });
}
