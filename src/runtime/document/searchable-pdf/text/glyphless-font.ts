/** Advances of glyphs 1, 2 and 3 in thousandths of an em: a space, a letter, a character as wide as high. */
export const glyphWidths = [250, 500, 1000] as const;

/**
 * A TrueType font whose glyphs are lines from corner to corner of their cell: they cover no area. Text in it is never
 * visible, so one small font serves all scripts. The glyphs are not empty, because pdfium takes the box of a character
 * from its outline, and skips text whose box has no width. The tables are those that FreeType and macOS require
 * (OpenType 1.9).
 */
export function glyphlessFont(): Uint8Array {
  const tables = fontTables();
  const head = 12 + 16 * tables.length;
  const starts = tables.map((_, i) => head + tables.slice(0, i).reduce((sum, { bytes }) => sum + padded(bytes), 0));
  const size = tables.reduce((sum, { bytes }) => sum + padded(bytes), head);
  const font = Buffer.alloc(size);
  const power = Math.floor(Math.log2(tables.length));
  u16(1, 0, tables.length, 2 ** power * 16, power, (tables.length - 2 ** power) * 16).copy(font);
  tables.forEach(({ tag, bytes }, i) => {
    const at = 12 + 16 * i;
    font.write(tag, at, 'latin1');
    font.writeUInt32BE(checksum(bytes), at + 4);
    font.writeUInt32BE(starts[i] ?? 0, at + 8);
    font.writeUInt32BE(bytes.length, at + 12);
    bytes.copy(font, starts[i]);
  });
  const headTable = starts[tables.findIndex(({ tag }) => tag === 'head')] ?? 0;
  font.writeUInt32BE((0xb1b0afba - checksum(font)) >>> 0, headTable + 8);
  return font;
}

const unitsPerEm = 1000;
const glyphCount = glyphWidths.length + 1;

/** Sorted by tag, as the format requires. */
function fontTables(): readonly { tag: string; bytes: Buffer }[] {
  return [
    // One subtable of format 4 with the segment that every font ends with.
    { tag: 'cmap', bytes: u16(0, 1, 3, 1, 0, 12, 4, 24, 0, 2, 2, 0, 0, 0xffff, 0, 0xffff, 1, 0) },
    { tag: 'glyf', bytes: u16(...glyphWidths.flatMap(diagonal)) },
    { tag: 'head', bytes: headTable() },
    {
      tag: 'hhea',
      bytes: u16(1, 0, unitsPerEm, 0, 0, unitsPerEm, 0, 0, unitsPerEm, 1, 0, 0, 0, 0, 0, 0, 0, glyphCount),
    },
    { tag: 'hmtx', bytes: u16(0, 0, ...glyphWidths.flatMap((width) => [width, 0])) },
    { tag: 'loca', bytes: u16(0, ...Array.from({ length: glyphCount }, (_, i) => (i * glyphBytes) / 2)) },
    { tag: 'maxp', bytes: u16(1, 0, glyphCount, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0) },
    { tag: 'post', bytes: u16(3, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0) },
  ];
}

/** One contour of two points. Glyph 0 has none. */
function diagonal(width: number): number[] {
  const box = [0, 0, width, unitsPerEm];
  const [lastPoint, instructions, flags] = [1, 0, 0x0101];
  return [1, ...box, lastPoint, instructions, flags, 0, width, 0, unitsPerEm];
}

const glyphBytes = 24;

/** Version 1.0, revision, checksum (filled in later), magic number, flags, units, two dates, box, style, formats. */
function headTable(): Buffer {
  const magic = [0x5f0f, 0x3cf5];
  const dates = [0, 0, 0, 0, 0, 0, 0, 0];
  return u16(1, 0, 1, 0, 0, 0, ...magic, 0, unitsPerEm, ...dates, 0, 0, unitsPerEm, unitsPerEm, 0, 8, 2, 0, 0);
}

function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => bytes.writeUInt16BE(value, i * 2));
  return bytes;
}

function padded({ length }: Uint8Array): number {
  return Math.ceil(length / 4) * 4;
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 4) {
    const word = Buffer.alloc(4);
    bytes.copy(word, 0, i, i + 4);
    sum = (sum + word.readUInt32BE()) >>> 0;
  }
  return sum;
}
