import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { Image, Size } from '../image.js';
import { loadSharp } from '../sharp.js';
import { indexedPixels, isGray, type IndexedPixels } from './colors.js';
import type { EmbeddedPicture, Palette } from './embedded-picture.js';
import { faxStrip } from './fax-strip.js';
import { jpegAsItIs } from './jpeg.js';
import { pngAsItIs } from './png.js';

/**
 * Encodes pixels in a coding of PDF:
 *
 * - two colors: CCITT group 4, or Flate where that is smaller (dithered pictures);
 * - up to 16 colors: Flate with a palette, without loss;
 * - more: Flate, without loss, while it takes at most `maxBytes`; otherwise JPEG of quality 90.
 *
 * @param maxBytes size of the file that the pixels come from. A file that is smaller lost details already.
 */
export async function encodePixels(image: Image, maxBytes: number): Promise<EmbeddedPicture> {
  const indexed = indexedPixels(image);
  if (indexed !== undefined && indexed.colors.length <= maxFewColors) {
    const flate = await flateWithPalette(indexed, image);
    const fax = indexed.colors.length <= 2 ? await faxOf(indexed, image) : undefined;
    return fax !== undefined && fax.data.length < flate.data.length ? fax : flate;
  }
  const gray = isGray(image);
  const lossless = indexed !== undefined && !gray ? await flateWithPalette(indexed, image) : await flate(image, gray);
  return lossless.data.length <= maxBytes ? lossless : jpeg(image, gray);
}

const maxFewColors = 16;

async function flateWithPalette({ colors, indices }: IndexedPixels, size: Size): Promise<EmbeddedPicture> {
  const bits = ([1, 2, 4, 8] as const).find((count) => 2 ** count >= colors.length) ?? 8;
  const data = await promisify<Uint8Array, Buffer>(deflate)(packed(indices, size, bits));
  return { ...sizeOf(size), coding: 'flate', bits, color: paletteOf(colors), hasRowFilters: false, data };
}

/** Rows of numbers with `bits` bits each; each row begins with a byte of its own. */
function packed(indices: Uint8Array, { width, height }: Size, bits: number): Uint8Array {
  if (bits === 8) return indices;
  const perByte = 8 / bits;
  const stride = Math.ceil(width / perByte);
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * stride + Math.floor(x / perByte);
      const shift = 8 - bits - (x % perByte) * bits;
      rows[at] = (rows[at] ?? 0) | ((indices[y * width + x] ?? 0) << shift);
    }
  }
  return rows;
}

async function faxOf({ colors, indices }: IndexedPixels, size: Size): Promise<EmbeddedPicture | undefined> {
  const data = await faxStrip(indices, size);
  if (data === undefined) return undefined;
  return { ...sizeOf(size), coding: 'fax', bits: 1, color: paletteOf(colors), hasRowFilters: false, data };
}

async function flate(image: Image, gray: boolean): Promise<EmbeddedPicture> {
  const file = await channels(image, gray).png({ compressionLevel: 9, adaptiveFiltering: true }).toBuffer();
  return required(await pngAsItIs(file), 'PNG');
}

async function jpeg(image: Image, gray: boolean): Promise<EmbeddedPicture> {
  const file = await channels(image, gray).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer();
  return required(jpegAsItIs(file), 'JPEG');
}

function channels({ width, height, data }: Image, gray: boolean): ReturnType<ReturnType<typeof loadSharp>> {
  const picture = loadSharp()(data, { raw: { width, height, channels: 3 } });
  return gray ? picture.toColourspace('b-w') : picture;
}

function required(picture: EmbeddedPicture | undefined, format: string): EmbeddedPicture {
  if (picture === undefined) throw new Error(`sharp wrote a ${format} file that PDF has no coding for`);
  return picture;
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}

function paletteOf(colors: readonly number[]): Palette {
  return Uint8Array.from(colors.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]));
}
