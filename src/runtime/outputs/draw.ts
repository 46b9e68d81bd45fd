import { drawPages } from '../document/draw-pages.js';
import { regionsOf } from '../document/page.js';
import type { DrawingName } from './drawing-names.js';
import { writeOutput } from './write-output.js';

/** A page, and what a module answered for it. */
export interface PageAnswer {
  /** From 1. */
  readonly number: number;
  /** Pixels of the page as it was read; undefined if they are those of the file. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly dpi?: number | undefined;
  readonly entry: unknown;
}

export interface DrawOptions {
  readonly name: DrawingName;
  readonly password?: string | undefined;
  readonly maxPixels?: number | undefined;
}

/**
 * Draws the regions of the answers into a copy of each page.
 *
 * @param bytes the file that was read
 * @returns the files that were written
 * @throws OcrHubError `output_failed`, and those of `drawPages`
 */
export async function writeDrawings(
  bytes: Uint8Array,
  pages: readonly PageAnswer[],
  { name, password, maxPixels }: DrawOptions,
): Promise<string[]> {
  const outlined = pages.map(({ entry, ...page }) => ({ ...page, outlines: regionsOf(entry) }));
  const written: string[] = [];
  for await (const { number, pageCount, picture } of drawPages(bytes, outlined, { password, maxPixels })) {
    const file = name(number, pageCount);
    await writeOutput(file, picture);
    written.push(file);
  }
  return written;
}
