import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** A file below a folder. */
export interface FileBelow {
  /** Relative to the folder. */
  readonly name: string;
  readonly bytes: number;
}

/** More files than these are refused, so that a listing may end there. */
export const maxFiles = 20_000;

/**
 * Lists the regular files below a folder, at most one more than `maxFiles`. It leaves out names that begin with a dot, folders
 * called node_modules, and what `isLeftOut` names. Links are followed, but not into a folder that holds them.
 *
 * @param isLeftOut gets absolute paths
 * @param start the folder below `folder` in which to begin; the names are relative to `folder` all the same
 */
export async function filesBelow(
  folder: string,
  isLeftOut: (file: string) => boolean = () => false,
  start = '',
): Promise<FileBelow[]> {
  const found: FileBelow[] = [];
  const walk = async (below: string, above: readonly string[]): Promise<void> => {
    for (const entry of await readdir(path.join(folder, below))) {
      const name = path.join(below, entry);
      const file = path.join(folder, name);
      if (entry.startsWith('.') || entry === 'node_modules' || isLeftOut(file)) continue;
      if (found.length > maxFiles) return;
      const info = await stat(file).catch(ignoreBrokenLink);
      if (info?.isFile() === true) found.push({ name, bytes: info.size });
      if (info?.isDirectory() !== true) continue;
      const real = await realpath(file);
      if (!above.includes(real)) await walk(name, [...above, real]);
    }
  };
  await walk(start, [await realpath(path.join(folder, start))]);
  return found;
}

function ignoreBrokenLink(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ELOOP') throw error;
}
