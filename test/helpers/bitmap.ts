/** What a BMP file consists of; the rows of pixels as they lie in the file. */
export interface BitmapParts {
  readonly width: number;
  /** Negative: rows from top to bottom. */
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  /** R, G, B each. */
  readonly palette?: readonly (readonly [red: number, green: number, blue: number])[];
  /** How many colours the header announces; left out: 0, as many as the bits can tell apart. */
  readonly announced?: number;
  readonly masks?: readonly number[];
  /** Length of the second header: 12 (OS/2), 40, 108 or 124. */
  readonly header?: number;
  /** Bytes between the palette and the pixels. */
  readonly gap?: number;
  /** Where the file says that its pixels are, when it does not say the truth. */
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
  // The longer headers have room for the masks where they stand behind a short one.
  const behind = Buffer.alloc(header > 40 ? 0 : masks.length * 4);
  for (const [i, mask] of masks.entries()) {
    if (header > 40) head.writeUInt32LE(mask, 54 + i * 4);
    else behind.writeUInt32LE(mask, i * 4);
  }
  const colours = Buffer.from(palette.flatMap(([r, g, b]) => (short ? [b, g, r] : [b, g, r, 0])));
  const before = Buffer.concat([head, behind, colours, Buffer.alloc(parts.gap ?? 0, 0xaa)]);
  before.writeUInt32LE(parts.offset ?? before.length, 10);
  const file = Buffer.concat([before, Buffer.from(parts.pixels)]);
  file.writeUInt32LE(file.length, 2);
  return file;
}
