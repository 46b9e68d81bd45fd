import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeImage } from '../document/decode-image.js';
import type { Image } from '../image/image.js';
import { packageRoot } from '../package.js';

/**
 * A strip with a word on it, so that every stage has something to do. Decoding it once makes the decoder ready, too.
 */
export async function readWarmUpPicture(): Promise<Image> {
  return decodeImage(await readFile(path.join(packageRoot, 'models', 'warmup.png')), { maxPixels: 1e6 });
}
