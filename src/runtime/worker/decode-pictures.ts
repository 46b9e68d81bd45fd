import { OcrHubError } from '../errors/error.js';
import type { UnreadableImage } from '../service/contract.js';
import type { Image } from '../image/image.js';
import { decodeImage } from '../document/decode-image.js';

/**
 * Decodes the pictures of one task. A picture that cannot be read, or has more than `maxPixels`, becomes null in its
 * place. A module without `entries` has all pictures of a request in memory at once, so their sum is limited too; a
 * picture over that limit is not decoded.
 *
 * @throws OcrHubError `images_too_large`
 */
export async function decodePictures(
  files: readonly Uint8Array[],
  maxPixels: number,
): Promise<{ images: (Image | null)[]; unreadable: UnreadableImage[] }> {
  const images: (Image | null)[] = [];
  const unreadable: UnreadableImage[] = [];
  const limit = maxLargestPictures * maxPixels;
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

/** Maximum pixels of all pictures of a task, as a multiple of `maxPixels`. By default, two dozen ordinary pages. */
const maxLargestPictures = 4;

/**
 * Replaces the pixels that were left, in the error of a picture that is too large, by the limit of one picture.
 *
 * @throws OcrHubError `images_too_large` if the picture is within its own limit
 */
function withOwnLimit(error: OcrHubError, maxPixels: number, limit: number): OcrHubError {
  if (error.code !== 'image_too_large') return error;
  const { width, height } = (error as OcrHubError<'image_too_large'>).details;
  if (width * height <= maxPixels) throw new OcrHubError('images_too_large', { limit }, { cause: error });
  return new OcrHubError('image_too_large', { width, height, maxPixels });
}
