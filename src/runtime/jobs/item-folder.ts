import { randomBytes } from 'node:crypto';
import { constants, link, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../files/missing.js';
import type { PartInfo } from './item.js';

/*
 * Files and folders of a store. No symbolic link is followed: a link is no file, no folder, and is replaced by what is written
 * at its place.
 */

/** The names and times of the files in a folder. Undefined if it is no folder. */
export async function filesIn(folder: string): Promise<ReadonlyMap<string, PartInfo> | undefined> {
  if (!(await isFolder(folder))) return undefined;
  const names = await readdir(folder).catch(ifMissing<string[]>([]));
  const infos = await Promise.all(names.map((name) => lstat(path.join(folder, name)).catch(ifMissing(undefined))));
  const files = names.flatMap((name, i): [string, PartInfo][] => {
    const info = infos[i];
    return info?.isFile() === true ? [[name, { mtimeMs: info.mtimeMs, bytes: info.size }]] : [];
  });
  return new Map(files);
}

export async function isFolder(folder: string): Promise<boolean> {
  const info = await lstat(folder).catch(ifMissing(undefined));
  return info?.isDirectory() === true;
}

/** Undefined if it is no file. */
export async function readFileIn(folder: string, name: string): Promise<Buffer | undefined> {
  if (!(await isFolder(folder))) return undefined;
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  // Windows lacks the flags, which count as 0 there.
  const flags = O_RDONLY | (O_NOFOLLOW || 0) | (O_NONBLOCK || 0);
  const handle = await open(path.join(folder, name), flags).catch(ifMissing(undefined));
  try {
    if ((await handle?.stat())?.isFile() !== true) return undefined;
    return await handle?.readFile();
  } finally {
    await handle?.close();
  }
}

/** Replaces a file as a whole. */
export async function writeFileIn(folder: string, name: string, content: Uint8Array | string): Promise<void> {
  await viaTemporary(folder, content, (temporary) => rename(temporary, path.join(folder, name)));
}

/** Writes a file as a whole. False if there is anything of the name. */
export async function addFileIn(folder: string, name: string, content: Uint8Array | string): Promise<boolean> {
  const file = path.join(folder, name);
  return viaTemporary(folder, content, async (temporary) => {
    try {
      await link(temporary, file);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      if (!linkless.has(errorCode(error))) throw error;
      // Not as one step: such a file system has none that keeps what is there.
      if ((await lstat(file).catch(ifMissing(undefined))) !== undefined) return false;
      await rename(temporary, file);
    }
    return true;
  });
}

/** How file systems without hard links refuse one. */
const linkless = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** @param use gives the file its name; what is left of the temporary file is removed */
async function viaTemporary<T>(
  folder: string,
  content: Uint8Array | string,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = path.join(folder, `${temporaryPrefix}${randomBytes(8).toString('hex')}`);
  try {
    await writeNewFile(temporary, content);
    return await use(temporary);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

const temporaryPrefix = '.writing-';

/** Makes a folder with files, all or nothing: other processes see it when all files are on the disk. */
export async function makeFolderOf(
  folder: string,
  temporary: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  try {
    await mkdir(temporary, { mode: 0o700 });
    for (const [name, content] of Object.entries(files)) await writeNewFile(path.join(temporary, name), content);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

/** @throws EEXIST if there is anything of the name */
export async function writeNewFile(file: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
