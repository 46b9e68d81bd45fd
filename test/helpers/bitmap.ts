/** The parts of a BMP file. The rows of pixels are in the order of the file. */
export interface BitmapParts {
  readonly width: number;
  /** Negative: rows from top to bottom. */
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  readonly palette?: readonly (readonly [red: number, green: number, blue: number])[];
  /** The number of colors in the header; the default 0 means 2 ** bits. */
  readonly announced?: number;
  readonly masks?: readonly number[];
  /** Length of the second header: 12 (OS/2), 40, 108 or 124. */
  readonly header?: number;
  /** Bytes between the palette and the pixels. */
  readonly gap?: number;
  /** The offset of the pixels in the header, to give a wrong one. */
  readonly offset?: number;
  readonly pixels: readonly number[];
}

export function bitmap(parts: BitmapParts): Buffer {
  const { width, height, bits, compression = 0, palette = [], announced = 0, masks = [], header = 40 } = parts;
  const short = header === 12;
  const head = Buffer.alloc(14 + header);
  head.write('BM');
  head.writeUInt32LE(header, 14);
  if (short) {
    head.writeUInt16LE(width, 18);
    head.writeInt16LE(height, 20);
    head.writeUInt16LE(1, 22);
    head.writeUInt16LE(bits, 24);
  } else {
    head.writeInt32LE(width, 18);
    head.writeInt32LE(height, 22);
    head.writeUInt16LE(1, 26);
    head.writeUInt16LE(bits, 28);
    head.writeUInt32LE(compression, 30);
    head.writeUInt32LE(announced, 46);
  }
  // Headers of more than 40 bytes contain the masks; they follow a shorter one.
  const after = Buffer.alloc(header > 40 ? 0 : masks.length * 4);
  for (const [i, mask] of masks.entries()) {
    if (header > 40) head.writeUInt32LE(mask, 54 + i * 4);
    else after.writeUInt32LE(mask, i * 4);
  }
  const colors = Buffer.from(palette.flatMap(([r, g, b]) => (short ? [b, g, r] : [b, g, r, 0])));
  const before = Buffer.concat([head, after, colors, Buffer.alloc(parts.gap ?? 0, 0xaa)]);
  before.writeUInt32LE(parts.offset ?? before.length, 10);
  const file = Buffer.concat([before, Buffer.from(parts.pixels)]);
  file.writeUInt32LE(file.length, 2);
  return file;
}
