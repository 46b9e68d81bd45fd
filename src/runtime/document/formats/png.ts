import { drawPages, type DrawOptions } from '../draw-pages.js';
import type { ReadDocument } from '../read-document.js';
import { filePages } from './file-page.js';

/** A picture for each page of all documents: the page as it is in its file, with an outline around each line. */
export async function writePictures(
  documents: readonly ReadDocument[],
  { maxPixels, draw }: Pick<DrawOptions, 'maxPixels' | 'draw'>,
): Promise<Uint8Array[]> {
  const pictures: Uint8Array[] = [];
  for (const document of documents) {
    const { bytes, password } = document;
    const pages = filePages([document]).map(({ lines, ...page }) => ({
      ...page,
      outlines: lines.map(({ region }) => region),
    }));
    for await (const { picture } of drawPages(bytes, pages, { password, maxPixels, draw })) {
      pictures.push(picture);
    }
  }
  return pictures;
}
