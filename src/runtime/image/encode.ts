import sharp from 'sharp';
import type { Image } from './image.js';

/** The picture as the bytes of a PNG file, for whoever wants a file and not pixels. */
export async function encodePng({ width, height, data }: Image): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
