import { lstat, rm } from 'node:fs/promises';
import writeFile from 'write-file-atomic';

interface WriteOptions {
  readonly mode?: number;
  /** Default: true. Without fsync the file may be empty after a power loss. */
  readonly fsync?: boolean;
  /** Whether a symbolic link is followed and stays: for files that the user names. Otherwise the link is replaced. */
  readonly followLink?: boolean;
}

/** Replaces a file as a whole: writes a temporary file beside it, flushes it and renames it. */
export async function writeFileAtomic(
  file: string,
  content: string | Buffer,
  { followLink = false, ...options }: WriteOptions = {},
): Promise<void> {
  if (!followLink && (await lstat(file).catch(() => undefined))?.isSymbolicLink() === true)
    await rm(file, { force: true });
  await writeFile(file, content, options);
}

/** Matches the temporary files that an interrupted `writeFileAtomic` leaves beside a file called `name`. */
export function leftoverPatternOf(name: string): RegExp {
  return new RegExp(`^${name.replaceAll('.', '\\.')}\\.\\d+$`);
}
