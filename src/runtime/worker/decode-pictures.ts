import { OcrHubError } from '../errors/error.js';
import type { UnreadableImage } from '../service/contract.js';
import type { Image } from '../image/image.js';
import { decodeImage } from '../document/decode-image.js';

/**
 * Decodes the pictures of one task. Those that cannot be read, or have more than `maxPixels`, keep their place as null. A
 * module that gets its requests whole has them all in memory at once, so there is a bound for all of them, too; no
 * picture is decoded that would be beyond it.
 *
 * @throws OcrHubError `images_too_large`
 */
export async function decodePictures(
  files: readonly Uint8Array[],
  maxPixels: number,
): Promise<{ images: (Image | null)[]; unreadable: UnreadableImage[] }> {
  const images: (Image | null)[] = [];
  const unreadable: UnreadableImage[] = [];
  const limit = largestPictures * maxPixels;
  let left = limit;
  for (const [index, file] of files.entries()) {
    try {
      const image = await decodeImage(file, { maxPixels: Math.min(maxPixels, left) });
      left -= image.width * image.height;
      images.push(image);
    } catch (error) {
      if (!OcrHubError.is(error)) throw error;
      images.push(null);
      const { code, message, hint } = withOwnLimit(error, maxPixels, limit);
      unreadable.push({ index, code, reason: message, hint });
    }
  }
  return { images, unreadable };
}

/** So many of the largest pictures may a task have: a document of two dozen pages, and not the memory of the machine. */
const largestPictures = 4;

/**
 * Names the limit of one picture where a picture was too large for the pixels that were left.
 *
 * @throws OcrHubError `images_too_large` if the picture is within its own limit
 */
function withOwnLimit(error: OcrHubError, maxPixels: number, limit: number): OcrHubError {
  if (error.code !== 'image_too_large') return error;
  const { width, height } = (error as OcrHubError<'image_too_large'>).details;
  if (width * height <= maxPixels) throw new OcrHubError('images_too_large', { limit }, { cause: error });
  return new OcrHubError('image_too_large', { width, height, maxPixels });
}
