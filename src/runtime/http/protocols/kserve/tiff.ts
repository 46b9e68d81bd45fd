/** Pixels in rows, of 1 (gray), 3 (red, green, blue) or 4 (and alpha) bytes. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** A TIFF file that holds pixels as they are. It is made without a look at them. */
export function toTiff(pixels: Uint8Array, { width, height, channels }: PixelSize): Uint8Array {
  const hasAlpha = channels === 4;
  const tags: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, long, 1, width],
    [257, long, 1, height],
    // Bits of a sample: 8 each. Up to two values are in the entry itself.
    [258, short, channels, channels === 1 ? 8 : bitsOffset],
    [259, short, 1, uncompressed],
    [262, short, 1, channels === 1 ? blackIsZero : rgb],
    [273, long, 1, pixelsOffset],
    [277, short, 1, channels],
    [278, long, 1, height],
    [279, long, 1, pixels.length],
    ...(hasAlpha ? ([[338, short, 1, unassociatedAlpha]] as const) : []),
  ];
  const file = Buffer.alloc(pixelsOffset + pixels.length);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(directoryOffset, 4);
  for (let i = 0; i < channels; i++) file.writeUInt16LE(8, bitsOffset + 2 * i);
  file.writeUInt16LE(tags.length, directoryOffset);
  for (const [i, [tag, type, count, value]] of tags.entries()) {
    const at = directoryOffset + 2 + 12 * i;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  }
  file.set(pixels, pixelsOffset);
  return file;
}

const short = 3;
const long = 4;
const uncompressed = 1;
const blackIsZero = 1;
const rgb = 2;
const unassociatedAlpha = 2;

const bitsOffset = 8;
const directoryOffset = 16;
/** Behind a directory of at most ten tags. */
const pixelsOffset = 144;
