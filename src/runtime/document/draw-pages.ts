import type { Point } from '../geometry/point.js';
import { drawOutlines } from '../image/draw.js';
import { openDocument } from './open.js';

/** A page of a file, and what is outlined on it. */
export interface OutlinedPage {
  /** From 1. */
  readonly number: number;
  /** Pixels of the page in which the outlines are; undefined if they are those of the file. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly dpi?: number | undefined;
  readonly outlines: readonly (readonly Point[])[];
}

export interface DrawOptions {
  readonly password?: string | undefined;
  readonly maxPixels?: number | undefined;
  /** Makes the picture; default: `drawOutlines`, a PNG file. */
  readonly draw?: typeof drawOutlines | undefined;
}

export interface DrawnPage {
  readonly number: number;
  /** Of the file. */
  readonly pageCount: number;
  readonly picture: Uint8Array;
}

/**
 * Draws the outlines into a copy of each page, one page after another. A PDF page is rendered at the highest resolution at
 * which a page of the file was read.
 *
 * @throws OcrHubError `image_unreadable`, `image_too_large`, those of an encrypted PDF file
 */
export async function* drawPages(
  bytes: Uint8Array,
  pages: readonly OutlinedPage[],
  { password, maxPixels, draw = drawOutlines }: DrawOptions,
): AsyncGenerator<DrawnPage, void> {
  const known = pages.flatMap(({ dpi }) => (dpi === undefined ? [] : [dpi]));
  const dpi = known.length === 0 ? undefined : known.reduce((a, b) => Math.max(a, b));
  const document = await openDocument(bytes, { password, maxPixels, dpi });
  try {
    for (const { number, width, height, outlines } of pages) {
      const { image } = await document.page(number);
      const [scaleX, scaleY] = [image.width / (width ?? image.width), image.height / (height ?? image.height)];
      const scaled = ([x, y]: Point): Point => [x * scaleX, y * scaleY];
      const picture = await draw(
        image,
        outlines.map((outline) => outline.map(scaled)),
      );
      yield { number, pageCount: document.pageCount, picture };
    }
  } finally {
    document.close();
  }
}
