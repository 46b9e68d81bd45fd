import type { Image } from './image.js';
import { loadSharp } from './sharp.js';

/** Encodes a picture as the bytes of a PNG file. */
export async function encodePng({ width, height, data }: Image): Promise<Uint8Array> {
  const sharp = loadSharp();
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Maximum pixels of a picture for a screen: a page of A4 at 200 dpi. */
const maxScreenPixels = 4_000_000;

/** Maximum width and height of a JPEG file. */
const maxJpegSide = 65_535;

/** Encodes a copy of a picture with at most 4 megapixels as the bytes of a JPEG file. */
export async function encodeForScreen({ width, height, data }: Image): Promise<Uint8Array> {
  const scale = Math.min(1, Math.sqrt(maxScreenPixels / (width * height)), maxJpegSide / Math.max(width, height));
  const [screenWidth, screenHeight] = [width, height].map((side) => Math.max(1, Math.floor(side * scale)));
  return loadSharp()(data, { raw: { width, height, channels: 3 } })
    .resize(screenWidth, screenHeight, { fit: 'fill' })
    .jpeg()
    .toBuffer();
}
