import { lstat, readdir } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import path from 'node:path';
import { isAbandoned } from '../files/abandoned.js';
import { ifMissing } from '../files/missing.js';

/** The files in a folder, and by default below it, whose name matches and that were not modified recently. */
export async function abandonedFiles(folder: string, pattern: RegExp, recursive = true): Promise<string[]> {
  const entries = await readdir(folder, { recursive, withFileTypes: true }).catch(ifMissing<Dirent[]>([]));
  return keepAbandoned(entries.filter((entry) => !entry.isDirectory() && pattern.test(entry.name)));
}

/** The folders directly in a folder whose name matches and that were not modified recently. */
export async function abandonedFolders(folder: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ifMissing<Dirent[]>([]));
  return keepAbandoned(entries.filter((entry) => entry.isDirectory() && pattern.test(entry.name)));
}

async function keepAbandoned(entries: readonly Dirent[]): Promise<string[]> {
  const paths = entries.map((entry) => path.join(entry.parentPath, entry.name));
  const abandoned = await Promise.all(paths.map(isAbandoned));
  return paths.filter((_, i) => abandoned[i]);
}

/** Counts the files of a file or folder, and their bytes. */
export async function measure(place: string): Promise<{ files: number; bytes: number }> {
  const info = await lstat(place).catch(ifMissing(undefined));
  if (info === undefined) return { files: 0, bytes: 0 };
  if (!info.isDirectory()) return { files: 1, bytes: info.size };
  const sizes = await Promise.all((await readdir(place)).map((name) => measure(path.join(place, name))));
  return sizes.reduce((sum, { files, bytes }) => ({ files: sum.files + files, bytes: sum.bytes + bytes }), {
    files: 0,
    bytes: 0,
  });
}
