import { pictureAsItIs } from '../../image/embed/as-it-is.js';
import type { EmbeddedPicture } from '../../image/embed/embedded-picture.js';
import { encodePixels } from '../../image/embed/encode-pixels.js';
import { readPictureInfo } from '../../image/decode.js';
import { openDocument } from '../open.js';
import type { ReadDocument, ReadPage } from '../read-document.js';

/** A page that was read, with its picture. */
export interface PagePicture {
  readonly page: ReadPage;
  readonly picture: EmbeddedPicture;
  /** EXIF orientation by which a reader must turn the picture, 1 to 8. */
  readonly orientation: number;
  /** Pixels an inch of the page that is written. */
  readonly dpi: number;
}

/** The pictures of the pages of a document that were read, one after another. */
export async function* pagePictures(
  { bytes, pages }: ReadDocument,
  { maxPixels }: { readonly maxPixels?: number | undefined },
): AsyncGenerator<PagePicture, void> {
  const { dpi: density } = await readPictureInfo(bytes);
  const asItIs = await pictureAsItIs(bytes);
  if (asItIs !== undefined) {
    for (const page of pages) yield { page, ...asItIs, dpi: pageDpi(page.dpi, density) };
    return;
  }
  const document = await openDocument(bytes, { maxPixels });
  try {
    const share = bytes.length / document.pageCount;
    for (const page of pages) {
      const { image, dpi } = await document.page(page.number);
      const picture = await encodePixels(image, share);
      yield { page, picture, orientation: 1, dpi: pageDpi(page.dpi, dpi) };
    }
  } finally {
    document.close();
  }
}

/** The first resolution that a page of paper can have. */
function pageDpi(...known: readonly (number | undefined)[]): number {
  return known.find((dpi) => dpi !== undefined && dpi >= minDpi && dpi <= maxDpi) ?? defaultDpi;
}

const minDpi = 72;
const maxDpi = 1200;

/** The resolution of many scans, at which a page has about the size of its paper. */
const defaultDpi = 200;
