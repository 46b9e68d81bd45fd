import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { regionsOf } from '../document/page.js';
import { makeFolder } from '../files/make-folder.js';
import { writeFileAtomic } from '../files/write-atomic.js';
import { drawOutlines } from '../image/draw.js';

/**
 * Writes a copy of a picture with the regions of an answer outlined.
 *
 * @param target path of the copy, a PNG file
 */
export async function drawAnswer(file: string, results: unknown, target: string): Promise<void> {
  const regions = regionsOf(Array.isArray(results) ? results.flat() : []);
  const copy = await drawOutlines(await readFile(file), regions);
  await makeFolder(path.dirname(target));
  // A full disk leaves no half of a picture.
  await writeFileAtomic(target, Buffer.from(copy), { fsync: false });
}
