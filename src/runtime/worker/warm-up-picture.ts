import path from 'node:path';
import { readRegularBytes } from '../files/read-regular.js';
import { decodeImage } from '../document/decode-image.js';
import type { Image } from '../image/image.js';
import { packageRoot } from '../package.js';

/**
 * Decodes the picture of the first inference. It shows one word, so that every stage runs. Decoding it also initializes
 * the decoder.
 */
export async function readWarmUpPicture(): Promise<Image> {
  return decodeImage(await readRegularBytes(path.join(packageRoot, 'models', 'warmup.png')), { maxPixels: 1e6 });
}
