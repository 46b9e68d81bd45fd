import type { Size } from '../image.js';
import { loadSharp } from '../sharp.js';

/**
 * Encodes pixels 0 and 1 as CCITT group 4, in which 0 takes less space. Undefined for a picture that is higher than
 * libtiff's largest strip.
 */
export async function faxStrip(pixels: Uint8Array, { width, height }: Size): Promise<Uint8Array | undefined> {
  if (height > maxHeight) return undefined;
  const black = pixels.map((pixel) => (pixel === 0 ? 0 : 255));
  const tiff = await loadSharp()(black, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1, tileHeight: Math.ceil(height / 16) * 16 })
    .toBuffer();
  const start = tagValue(tiff, stripOffsets);
  return tiff.subarray(start, start + tagValue(tiff, stripByteCounts));
}

const maxHeight = 32_768;
const stripOffsets = 273;
const stripByteCounts = 279;

/** The value of a tag in the first directory of a little-endian TIFF file, which holds one strip. */
function tagValue(tiff: Buffer, tag: number): number {
  const directory = tiff.readUInt32LE(4);
  const entries = tiff.readUInt16LE(directory);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i;
    if (tiff.readUInt16LE(at) === tag && tiff.readUInt32LE(at + 4) === 1) return tiff.readUInt32LE(at + 8);
  }
  throw new Error(`sharp wrote a TIFF file without a single strip: tag ${tag}`);
}
