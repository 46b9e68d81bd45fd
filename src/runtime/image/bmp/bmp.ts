import { OcrHubError } from '../../errors/error.js';
import { readBmpHeader, readBmpSize, type BmpHeader } from './header.js';
import { requireSize } from '../max-pixels.js';
import { pixelsCutOff, writeOutRuns } from './runs.js';
import type { Image } from '../image.js';

/**
 * Reads a Windows or OS/2 bitmap: of 1, 2, 4, 8, 16, 24 or 32 bits, RLE4 and RLE8. libvips as sharp ships it cannot,
 * and the packages that can read some of these get others wrong without saying so.
 *
 * @throws OcrHubError `image_too_large` by the header, `image_unreadable`.
 */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): Image {
  try {
    const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { width, height } = readBmpSize(file);
    requireSize({ width, height }, maxPixels);
    const header = readBmpHeader(file);
    return { width, height, data: header.bits > 8 ? readColours(file, header) : readPlaces(bytes, header) };
  } catch (error) {
    if (OcrHubError.is(error)) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw new OcrHubError('image_unreadable', { reason: `damaged BMP: ${problem}` }, { cause: error });
  }
}

/** Pixels that are places in the palette. */
function readPlaces(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const { width, height } = header;
  const palette = paletteOf(bytes, header);
  const written = bytes.subarray(header.pixels);
  const rows = header.runs ? writeOutRuns(written, header.bits, width, height) : written;
  const bits = header.runs ? 8 : header.bits;
  const stride = header.runs ? width : strideOf(header);
  if (!header.runs) requirePixels(written.length, header);
  const data = new Uint8Array(width * height * 3);
  const mask = 2 ** bits - 1;
  for (let y = 0, to = 0; y < height; y++) {
    const row = rowInFile(header, y) * stride;
    for (let x = 0; x < width; x++, to += 3) {
      const bit = x * bits;
      const place = ((rows[row + (bit >> 3)] ?? 0) >> (8 - bits - (bit & 7))) & mask;
      data[to] = palette[place * 3] ?? 0;
      data[to + 1] = palette[place * 3 + 1] ?? 0;
      data[to + 2] = palette[place * 3 + 2] ?? 0;
    }
  }
  return data;
}

/** R, G, B of each place; black where the file holds fewer colors than its pixels may name. */
function paletteOf(bytes: Uint8Array, { bits, palette: { start, count, entry } }: BmpHeader): Uint8Array {
  const palette = new Uint8Array(2 ** bits * 3);
  for (let i = 0; i < count; i++) {
    const from = start + i * entry;
    palette.set([bytes[from + 2] ?? 0, bytes[from + 1] ?? 0, bytes[from] ?? 0], i * 3);
  }
  return palette;
}

/** Pixels that are colors themselves. */
function readColours(file: DataView, header: BmpHeader): Uint8Array {
  const { width, height, bits, pixels } = header;
  requirePixels(file.byteLength - pixels, header);
  const [red, green, blue] = header.masks.map(channelOf) as [Channel, Channel, Channel];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    let from = pixels + rowInFile(header, y) * strideOf(header);
    for (let x = 0; x < width; x++, to += 3, from += bits / 8) {
      const color =
        bits === 32
          ? file.getUint32(from, true)
          : bits === 16
            ? file.getUint16(from, true)
            : file.getUint16(from, true) | (file.getUint8(from + 2) << 16);
      data[to] = valueOf(color, red);
      data[to + 1] = valueOf(color, green);
      data[to + 2] = valueOf(color, blue);
    }
  }
  return data;
}

interface Channel {
  readonly mask: number;
  readonly shift: number;
  /** Brings its largest value to 255; 0 for a channel of no bits. */
  readonly scale: number;
}

function channelOf(mask: number): Channel {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  return { mask, shift, scale: mask === 0 ? 0 : 255 / (mask >>> shift) };
}

function valueOf(color: number, { mask, shift, scale }: Channel): number {
  return Math.round(((color & mask) >>> shift) * scale);
}

/** Bytes of a row: rows are filled up to four. */
function strideOf({ width, bits }: BmpHeader): number {
  return Math.ceil((width * bits) / 32) * 4;
}

function rowInFile({ height, topDown }: BmpHeader, y: number): number {
  return topDown ? y : height - 1 - y;
}

/** Checked before allocation. The padding of the last row may be missing. */
function requirePixels(bytes: number, header: BmpHeader): void {
  const { width, height, bits } = header;
  if (bytes < (height - 1) * strideOf(header) + Math.ceil((width * bits) / 8)) throw new Error(pixelsCutOff);
}
