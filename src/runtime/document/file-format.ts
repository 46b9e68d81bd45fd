import { imageFormat } from '../image/format.js';
import { isPdf } from '../pdf/pdf-file.js';

export { isPdf };

/** Whether bytes begin as a file that `openDocument` reads. */
export function isKnownFile(bytes: Uint8Array): boolean {
  return imageFormat(bytes) !== undefined || isPdf(bytes);
}
