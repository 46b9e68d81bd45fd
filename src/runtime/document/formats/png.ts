import type { Point } from '../../geometry/point.js';
import { drawOnImage } from '../../image/draw.js';
import type { Document } from '../document.js';
import { openDocument } from '../open.js';
import type { ReadDocument } from '../read-document.js';
import { filePages, type FilePage } from './file-page.js';

/** A PNG file for each page of all documents: the page as it is in its file, with an outline around each line. */
export async function writePngs(
  documents: readonly ReadDocument[],
  { maxPixels }: { readonly maxPixels?: number | undefined },
): Promise<Uint8Array[]> {
  const pictures: Uint8Array[] = [];
  for (const document of documents) {
    const { bytes, password, pages } = document;
    // Of a PDF page, the resolution at which it was read.
    const dpi = pages.reduce<number | undefined>(
      (most, page) => Math.max(page.dpi ?? 0, most ?? 0) || undefined,
      undefined,
    );
    const file = await openDocument(bytes, { password, dpi, maxPixels });
    try {
      for (const page of filePages([document])) pictures.push(await drawPage(file, page));
    } finally {
      file.close();
    }
  }
  return pictures;
}

async function drawPage(file: Document, { number, width, height, lines }: FilePage): Promise<Uint8Array> {
  const { image } = await file.page(number);
  // A PDF page has fewer pixels than at reading if the limit is lower.
  const scaled = ([x, y]: Point): Point => [(x * image.width) / width, (y * image.height) / height];
  return drawOnImage(
    image,
    lines.map(({ region }) => region.map(scaled)),
  );
}
