import type { Image } from './image.js';
import { loadSharp } from './sharp.js';

/** Encodes a picture as the bytes of a PNG file. */
export async function encodePng({ width, height, data }: Image): Promise<Uint8Array> {
  const sharp = loadSharp();
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
