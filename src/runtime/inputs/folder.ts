import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDrawing } from './drawing.js';

/** The extensions of the files that are read in a folder. */
export const extensions: readonly string[] = [
  '.jpg',
  '.jpeg',
  '.png',
  '.webp',
  '.tif',
  '.tiff',
  '.gif',
  '.bmp',
  '.pdf',
];

/** Whether a file has the extension of a picture or a document. */
export function hasKnownExtension(file: string): boolean {
  return extensions.includes(path.extname(file).toLowerCase());
}

/**
 * Lists the pictures and documents in a folder and in the folders inside it, sorted by path. Drawings of `--visualize` are
 * left out.
 *
 * @throws the system's error for a folder that cannot be listed
 */
export async function filesIn(folder: string): Promise<string[]> {
  return (await unsortedIn(folder)).sort();
}

async function unsortedIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = entries.map(async (entry) => {
    const file = path.join(folder, entry.name);
    // A folder that cannot be listed is listed itself: reading it fails with the reason, and the other files are read.
    if (entry.isDirectory()) return unsortedIn(file).catch(() => [file]);
    const isWanted = hasKnownExtension(file) && !isDrawing(file);
    return isWanted && (await isReadToAnEnd(file)) ? [file] : [];
  });
  return (await Promise.all(lists)).flat();
}

/** False for a folder, a pipe and a device. A broken link counts as a file: reading it fails with the reason. */
export async function isReadToAnEnd(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => undefined);
  return info === undefined || info.isFile();
}
