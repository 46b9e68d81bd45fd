import type { Size } from '../image.js';

/** The checked headers of a Windows or OS/2 bitmap. Whether all pixels are present is checked later. */
export interface BmpHeader extends BmpSize {
  /** 1, 2, 4 or 8: places in the palette; 16, 24 or 32: colors. */
  readonly bits: number;
  /** Whether the places are written as runs (RLE8, RLE4). */
  readonly runs: boolean;
  /** Which bits of 16 or 32 are red, green and blue. */
  readonly masks: readonly [red: number, green: number, blue: number];
  /** `count` colors of `entry` bytes: B, G, R and, of 4, one that says nothing. */
  readonly palette: { readonly start: number; readonly count: number; readonly entry: 3 | 4 };
  /** Where the pixels start. */
  readonly pixels: number;
}

export interface BmpSize extends Size {
  /** Rows from top to bottom; otherwise the first row of the file is the lowest. */
  readonly topDown: boolean;
}

/**
 * Reads only the size, so that an oversized picture is reported as too large even if it has other errors.
 *
 * @throws Error that says what is damaged
 */
export function readBmpSize(file: DataView): BmpSize {
  if (file.byteLength < 26) throw new Error(cutOff);
  const short = isShort(file);
  const width = short ? file.getUint16(18, true) : file.getInt32(18, true);
  const height = short ? file.getInt16(20, true) : file.getInt32(22, true);
  if (width <= 0 || height === 0) throw new Error(`its size is ${width} x ${Math.abs(height)}`);
  return { width, height: Math.abs(height), topDown: height < 0 };
}

/** @throws Error that says what is damaged, or is not read */
export function readBmpHeader(file: DataView): BmpHeader {
  const size = readBmpSize(file);
  const short = isShort(file);
  const length = file.getUint32(14, true);
  if (!headerLengths.includes(length)) throw new Error(`its header has ${length} bytes`);
  if (file.byteLength < 14 + length) throw new Error(cutOff);
  const bits = file.getUint16(short ? 24 : 28, true);
  const compression = short ? 0 : file.getUint32(30, true);
  // With the header of OS/2 2 the number of the masks means another compression.
  if (readable[compression]?.includes(bits) !== true || (compression === masked && length === os2)) {
    throw new Error(`${bits} bits a pixel with compression ${compression} are not read`);
  }
  const start = 14 + length + (compression === masked && length === 40 ? 12 : 0);
  if (file.byteLength < start) throw new Error(cutOff);

  const most = bits > 8 ? 0 : 2 ** bits;
  const announced = short ? 0 : file.getUint32(46, true);
  const wanted = announced === 0 ? most : Math.min(announced, most);
  const entry = short ? 3 : 4;
  // Some writers do not say where the pixels are, and some announce more colors than they write.
  const said = file.getUint32(10, true);
  const pixels = said < start ? start + wanted * entry : said;
  const room = Math.min(pixels, file.byteLength) - start;
  const palette = { start, count: Math.min(wanted, Math.floor(room / entry)), entry } as const;
  return {
    ...size,
    bits,
    runs: compression === rle8 || compression === rle4,
    masks: masksOf(file, bits, compression),
    palette,
    pixels,
  };
}

const cutOff = 'it ends inside the header';

const os2 = 64;
/** OS/2 1, Windows 3, two with masks in them, OS/2 2, Windows 4 and 5. */
const headerLengths: readonly number[] = [12, 40, 52, 56, os2, 108, 124];

/** Bits a pixel, by the number of the compression. */
const readable: readonly (readonly number[])[] = [[1, 2, 4, 8, 16, 24, 32], [8], [4], [16, 32]];
const rle8 = 1;
const rle4 = 2;
const masked = 3;

/** The header of OS/2 1, which has 16-bit sizes and no compression. */
function isShort(file: DataView): boolean {
  return file.getUint32(14, true) === 12;
}

function masksOf(file: DataView, bits: number, compression: number): BmpHeader['masks'] {
  // The offset is the same after a 40-byte header and inside a longer one.
  if (compression === masked) return [file.getUint32(54, true), file.getUint32(58, true), file.getUint32(62, true)];
  return bits === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0xff00, 0xff];
}
