import { openDocument } from '../document/open.js';
import { regionsOf } from '../document/page.js';
import type { Point } from '../geometry/point.js';
import { drawOnImage } from '../image/draw.js';
import type { DrawingName } from './drawing-names.js';
import { writeOutput } from './write-output.js';

/** A page, and what a module answered for it. */
export interface AnsweredPage {
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
 * @throws OcrHubError `image_unreadable`, `image_too_large`, `output_failed`
 */
export async function drawPages(
  bytes: Uint8Array,
  pages: readonly AnsweredPage[],
  { name, password, maxPixels }: DrawOptions,
): Promise<string[]> {
  const dpi = pages.find((page) => page.dpi !== undefined)?.dpi;
  const document = await openDocument(bytes, { password, maxPixels, dpi });
  const drawn: string[] = [];
  try {
    for (const { number, width, height, entry } of pages) {
      const { image } = await document.page(number);
      const [scaleX, scaleY] = [image.width / (width ?? image.width), image.height / (height ?? image.height)];
      const scaled = ([x, y]: Point): Point => [x * scaleX, y * scaleY];
      const file = name(number, document.pageCount);
      await writeOutput(
        file,
        await drawOnImage(
          image,
          regionsOf(entry).map((region) => region.map(scaled)),
        ),
      );
      drawn.push(file);
    }
  } finally {
    document.close();
  }
  return drawn;
}
