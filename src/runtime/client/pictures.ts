import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { toFileError } from '../files/to-file-error.js';

const extensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff', '.gif', '.bmp']);

/**
 * Lists the files to send: each file, and the pictures in each folder and in the folders inside it, sorted by path.
 *
 * @throws OcrHubError `file_not_found`, `file_unreadable`, `folder_without_pictures`
 */
export async function listPictures(paths: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(paths.map(picturesAt));
  return lists.flat();
}

async function picturesAt(file: string): Promise<string[]> {
  const info = await stat(file).catch((error: unknown) => {
    throw toFileError(file, error);
  });
  if (!info.isDirectory()) return [file];
  const found = await picturesIn(file).catch((error: unknown) => {
    throw toFileError(file, error);
  });
  if (found.length === 0)
    throw new OcrHubError('folder_without_pictures', { folder: file, extensions: [...extensions] });
  return found.sort();
}

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = entries.map(async (entry) => {
    const file = path.join(folder, entry.name);
    // A folder that cannot be listed is listed itself: reading it fails with the reason, and the other pictures are sent.
    if (entry.isDirectory()) return picturesIn(file).catch(() => [file]);
    return extensions.has(path.extname(file).toLowerCase()) && (await isReadToAnEnd(file)) ? [file] : [];
  });
  return (await Promise.all(lists)).flat();
}

/** False for a pipe or a device. A broken link counts as a file: reading it fails with the reason. */
async function isReadToAnEnd(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => undefined);
  return info === undefined || info.isFile();
}
