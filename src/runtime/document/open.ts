import { OcrHubError } from '../errors/error.js';
import { countPages, decodeImage, type DecodeOptions } from '../image/decode.js';
import type { Image } from '../image/image.js';
import { measure } from '../trace/stage-times.js';

/** A file with pages, none of which is decoded yet. */
export interface Document {
  readonly pageCount: number;
  /**
   * Decodes one page after another, each when the caller asks for it. One page is in memory at a time if the caller keeps
   * none.
   *
   * @throws OcrHubError `image_unreadable`, `image_too_large` for a page that cannot be decoded
   */
  pages(): AsyncGenerator<DocumentPage, void>;
}

export interface DocumentPage {
  /** From 1. */
  readonly number: number;
  /** Turned upright as the file's EXIF orientation says. */
  readonly image: Image;
}

/**
 * Opens a file: a picture is a document of one page, a TIFF file has as many pages as it says, and an animated picture is
 * its first frame.
 *
 * @param options `maxPixels` is the limit of each page
 * @throws OcrHubError `image_unreadable` when the file is in no known format, or its header is damaged
 * @example
 * const document = await openDocument(await readFile('scan.tiff'));
 * for await (const { number, image } of document.pages()) console.log(number, await system.read(image));
 */
export async function openDocument(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Document> {
  const pageCount = await countPages(bytes);
  return {
    pageCount,
    async *pages() {
      for (let number = 1; number <= pageCount; number++) {
        const image = await measure('decode', () => decodePage(bytes, number, pageCount, options));
        yield { number, image };
      }
    },
  };
}

async function decodePage(bytes: Uint8Array, number: number, of: number, options: DecodeOptions): Promise<Image> {
  try {
    return await decodeImage(bytes, { ...options, page: number });
  } catch (error) {
    if (of === 1 || !OcrHubError.is(error) || error.code !== 'image_unreadable') throw error;
    const { reason } = (error as OcrHubError<'image_unreadable'>).details;
    throw new OcrHubError('image_unreadable', { reason: `page ${number} of ${of}: ${reason}` }, { cause: error });
  }
}
