import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Point } from '../geometry/point.js';
import { decodeImage } from '../image/decode.js';
import { outlinesToPng } from '../image/draw.js';

/**
 * Writes a copy of a picture with the regions of an answer outlined, as `<folder>/<name>.png`.
 *
 * @returns the path of the copy
 */
export async function drawAnswer(file: string, results: unknown, folder: string): Promise<string> {
  const image = await decodeImage(await readFile(file));
  const regions = (Array.isArray(results) ? results.flat() : []).flatMap(regionOf);
  await mkdir(folder, { recursive: true });
  const target = path.join(folder, `${path.basename(file)}.png`);
  await writeFile(target, await outlinesToPng(image, regions));
  return target;
}

function regionOf(line: unknown): (readonly Point[])[] {
  const region = (line as { text_region?: unknown } | null)?.text_region;
  return Array.isArray(region) ? [region as Point[]] : [];
}
