import { appendFile, lstat, rm, stat } from 'node:fs/promises';
import writeFile from 'write-file-atomic';
import { naming } from './unwritable.js';

interface WriteOptions {
  readonly mode?: number;
  /** Default: true. Without fsync the file may be empty after a power loss. */
  readonly fsync?: boolean;
  /**
   * For files that the user names: a symbolic link is followed and stays, and a device or a pipe is written into. Otherwise both are
   * replaced.
   */
  readonly followLink?: boolean;
}

/** Replaces a file as a whole: writes a temporary file beside it, flushes it and renames it. Its errors say which file it is. */
export async function writeFileAtomic(
  file: string,
  content: string | Buffer,
  { followLink = false, ...options }: WriteOptions = {},
): Promise<void> {
  if (followLink && (await isDevice(file))) {
    await appendFile(file, content).catch(naming(file));
    return;
  }
  if (!followLink && (await lstat(file).catch(() => undefined))?.isSymbolicLink() === true)
    await rm(file, { force: true });
  await writeFile(file, content, options).catch(naming(file));
}

/** A device or a pipe takes what is written, and must not be replaced by a file. */
async function isDevice(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

/** Matches the temporary files that an interrupted `writeFileAtomic` leaves beside a file called `name`. */
export function leftoverPatternOf(name: string): RegExp {
  return new RegExp(`^${name.replaceAll('.', '\\.')}\\.\\d+$`);
}
