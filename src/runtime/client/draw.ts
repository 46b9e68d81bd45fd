import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../files/write-atomic.js';
import { makeFolder } from '../files/make-folder.js';
import type { Point } from '../geometry/point.js';
import { decodeImage } from '../image/decode.js';
import { outlinesToPng } from '../image/draw.js';

/**
 * Writes a copy of a picture with the regions of an answer outlined.
 *
 * @param target path of the copy, a PNG
 */
export async function drawAnswer(file: string, results: unknown, target: string): Promise<void> {
  const image = await decodeImage(await readFile(file));
  const regions = (Array.isArray(results) ? results.flat() : []).flatMap(regionOf);
  await makeFolder(path.dirname(target));
  // A full disk leaves no half of a picture.
  await writeFileAtomic(target, Buffer.from(await outlinesToPng(image, regions)), { fsync: false });
}

function regionOf(line: unknown): (readonly Point[])[] {
  const region = (line as { text_region?: unknown } | null)?.text_region;
  return Array.isArray(region) ? [region as Point[]] : [];
}
