import { drawPages } from '../draw-pages.js';
import type { ReadDocument } from '../read-document.js';
import { filePages } from './file-page.js';

/** A PNG file for each page of all documents: the page as it is in its file, with an outline around each line. */
export async function writePngs(
  documents: readonly ReadDocument[],
  { maxPixels }: { readonly maxPixels?: number | undefined },
): Promise<Uint8Array[]> {
  const pictures: Uint8Array[] = [];
  for (const document of documents) {
    const { bytes, password } = document;
    const pages = filePages([document]).map(({ lines, ...page }) => ({
      ...page,
      outlines: lines.map(({ region }) => region),
    }));
    for await (const { png } of drawPages(bytes, pages, { password, maxPixels })) pictures.push(png);
  }
  return pictures;
}
