import { OcrHubError } from '../errors/error.js';
import { decodeImage, readPictureInfo, type DecodeOptions } from '../image/decode.js';
import { measure } from '../trace/stage-times.js';
import type { Document, DocumentOptions, DocumentPage } from './document.js';

/** Opens a picture file: the pages of a TIFF file, or the frames of an animated picture. */
export async function openPicture(
  bytes: Uint8Array,
  { maxPixels, maxSeconds, asStored = false }: DocumentOptions,
): Promise<Document> {
  const { format, pageCount, dpi } = await readPictureInfo(bytes);
  const usualPages = format === 'TIFF' ? Array.from({ length: pageCount }, (_, i) => i + 1) : [1];
  const options: DecodeOptions = { maxPixels, maxSeconds, asStored };
  const page = async (number: number): Promise<DocumentPage> => {
    const image = await measure('decode', () => decodePage(bytes, number, pageCount, options));
    return { number, image, dpi };
  };
  return {
    kind: usualPages.length > 1 ? 'document' : 'picture',
    pageCount,
    usualPages,
    page,
    async *pages(numbers = usualPages) {
      for (const number of numbers) yield await page(number);
    },
    textOf: () => undefined,
    close: () => undefined,
  };
}

async function decodePage(bytes: Uint8Array, number: number, of: number, options: DecodeOptions) {
  try {
    return await decodeImage(bytes, { ...options, page: number });
  } catch (error) {
    const code = OcrHubError.is(error) ? error.code : undefined;
    if (of === 1 || (code !== 'image_unreadable' && code !== 'image_too_costly')) throw error;
    const { reason } = (error as OcrHubError<typeof code>).details;
    throw new OcrHubError(code, { reason: `page ${number} of ${of}: ${reason}` }, { cause: error });
  }
}
