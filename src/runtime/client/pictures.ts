import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors.js';

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
  const found = (await readdir(file, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory() && extensions.has(path.extname(entry.name).toLowerCase()))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  if (found.length === 0)
    throw new OcrHubError('folder_without_pictures', { folder: file, extensions: [...extensions] });
  return found;
}
