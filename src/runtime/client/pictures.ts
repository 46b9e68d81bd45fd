import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';

const extensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff', '.gif', '.bmp']);

/**
 * The files that a list of files and folders stands for: a file is itself, a folder its pictures and those of the
 * folders in it, by name.
 *
 * @throws OcrHubError `file_not_found`, `folder_without_pictures`
 */
export async function listPictures(paths: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(paths.map(picturesAt));
  return lists.flat();
}

async function picturesAt(file: string): Promise<string[]> {
  const info = await stat(file).catch((error: unknown) => {
    throw new OcrHubError('file_not_found', { file, problem: (error as Error).message }, { cause: error });
  });
  if (!info.isDirectory()) return [file];
  const found = await picturesIn(file).catch((error: unknown) => {
    throw new OcrHubError('file_not_found', { file, problem: (error as Error).message }, { cause: error });
  });
  if (found.length === 0)
    throw new OcrHubError('folder_without_pictures', { folder: file, extensions: [...extensions] });
  return found.sort();
}

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = entries.map(async (entry) => {
    const file = path.join(folder, entry.name);
    // One that cannot be listed stands for itself: whoever reads it is told why, and the other pictures go on.
    if (entry.isDirectory()) return picturesIn(file).catch(() => [file]);
    return extensions.has(path.extname(file).toLowerCase()) && (await isReadToAnEnd(file)) ? [file] : [];
  });
  return (await Promise.all(lists)).flat();
}

/** Not so a pipe or a device. A link to nothing is told when it is read. */
async function isReadToAnEnd(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => undefined);
  return info === undefined || info.isFile();
}
