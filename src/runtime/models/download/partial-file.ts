import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../files/make-folder.js';
import { processExists } from '../../process/exists.js';

/**
 * A file that is still coming, beside the one it will become: `NAME.<version>.part` while nobody writes it,
 * `NAME.<version>.<pid>-<random>.part` while a process does. One whose process is gone may be taken over; renaming it
 * lets one taker win.
 */
export class PartialFile {
  readonly file: string;
  readonly #target: string;
  /** Which content it is the beginning of: one of another version is not continued. */
  readonly version: string;

  private constructor(target: string, version: string) {
    this.#target = target;
    this.version = version;
    this.file = `${target}.${version}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
  }

  /** A new, empty one; the file comes with the first byte. */
  static async create(target: string, version: string): Promise<PartialFile> {
    await makeFolder(path.dirname(target));
    return new PartialFile(target, version);
  }

  /** Takes over what an earlier download left, if there is any. */
  static async claim(target: string): Promise<PartialFile | undefined> {
    for (const { file, version } of await abandoned(target)) {
      const partial = new PartialFile(target, version);
      try {
        await rename(file, partial.file);
        return partial;
      } catch (error) {
        // Another download was quicker.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    return undefined;
  }

  async size(): Promise<number> {
    return (await stat(this.file).catch(() => undefined))?.size ?? 0;
  }

  /** Leaves it for the next download. */
  async release(): Promise<void> {
    await rename(this.file, `${this.#target}.${this.version}.part`).catch(() => undefined);
  }

  async discard(): Promise<void> {
    await rm(this.file, { force: true });
  }
}

/** Names of partial files. */
export const partialFilePattern = /\.part$/;

/** Removes what other downloads left, now that the file is there. */
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
